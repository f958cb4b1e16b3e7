/*
 * What must happen in Redis at once or not at all. Each script says its keys, arguments and answers.
 */

/**
 * Creates a record, if it is absent.
 * KEYS record, all, open, of-subject, changed, change counter, of-repository. ARGV body, id, createdAt, subject.
 * Answers 1, or 0 when the record was there.
 */
export const createRun = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[1], 'rev', 0, 'body', ARGV[1])
redis.call('ZADD', KEYS[2], ARGV[3], ARGV[2])
redis.call('SADD', KEYS[3], ARGV[2])
redis.call('ZADD', KEYS[4], ARGV[3], ARGV[2])
redis.call('ZADD', KEYS[5], redis.call('INCR', KEYS[6]), ARGV[4])
redis.call('ZADD', KEYS[7], ARGV[3], ARGV[2])
return 1`;

/**
 * Replaces a record, if nobody did so since it was read; may take its lease in the same step.
 * KEYS record, open, changed, change counter, lease. ARGV rev read, body, id, subject, settled (0 or 1), lease holder or '', lease ms.
 * Answers 1; 0 when another one was faster; -1 when the lease is held.
 */
export const replaceRun = `
if redis.call('HGET', KEYS[1], 'rev') ~= ARGV[1] then return 0 end
if ARGV[6] ~= '' then
  if not redis.call('SET', KEYS[5], ARGV[6], 'NX', 'PX', ARGV[7]) then return -1 end
end
redis.call('HSET', KEYS[1], 'rev', ARGV[1] + 1, 'body', ARGV[2])
if ARGV[5] == '1' then redis.call('SREM', KEYS[2], ARGV[3]) else redis.call('SADD', KEYS[2], ARGV[3]) end
redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[4]), ARGV[4])
return 1`;

/** Prolongs a lease that is still this holder's. KEYS lease. ARGV holder, ms. Answers 1, or 0 when it is lost. */
export const renewLease = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])`;

/** Gives a lease back, if it is still this holder's. KEYS lease. ARGV holder. */
export const releaseLease = `
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0`;

/** Forgets that a subject changed, unless it changed again. KEYS changed. ARGV subject, count that was seen. */
export const settleSubject = `
if redis.call('ZSCORE', KEYS[1], ARGV[1]) == ARGV[2] then return redis.call('ZREM', KEYS[1], ARGV[1]) end
return 0`;

/**
 * Writes down that a comment was seen, unless it has its outcome: also when that is recorded at the same moment.
 * KEYS record, pending. ARGV job, id. Answers 1, or 0 when there was an outcome already.
 */
export const sawIntake = `
if redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
return 1`;

/**
 * Records how a comment ended, if that is not recorded yet.
 * KEYS record, pending, of-subject, changed, change counter, all. ARGV body, id, seenAt, subject or ''.
 * Answers 1, or 0 when there was an outcome already.
 */
export const recordIntake = `
local new = redis.call('SET', KEYS[1], ARGV[1], 'NX') and 1 or 0
redis.call('HDEL', KEYS[2], ARGV[2])
redis.call('ZADD', KEYS[6], 'NX', ARGV[3], ARGV[2])
if ARGV[4] ~= '' then
  redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
  if new == 1 then redis.call('ZADD', KEYS[4], redis.call('INCR', KEYS[5]), ARGV[4]) end
end
return new`;

/** Replaces a sweep, if nobody did so since it was read. KEYS sweep. ARGV rev read, body. Answers 1 or 0. */
export const replaceSweep = `
local text = redis.call('GET', KEYS[1])
if not text or cjson.decode(text).rev ~= tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2])
return 1`;

/**
 * Forgets a run with all that belongs to it, unless somebody still has to do something about it or to say it.
 * KEYS record, log, all, open, of-subject, changed, of-repository. ARGV id, subject. Answers 1, or 0 when it stays.
 */
export const forgetRun = `
if redis.call('SISMEMBER', KEYS[4], ARGV[1]) == 1 then return 0 end
if redis.call('ZSCORE', KEYS[6], ARGV[2]) then return 0 end
redis.call('DEL', KEYS[1], KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('ZREM', KEYS[7], ARGV[1])
return 1`;
