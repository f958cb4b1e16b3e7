"""Ready once the database answers; saved once its dump is there."""


def ready_probe(ctx):
    return "PONG" in ctx.door.exec("db", "redis-cli ping")


def backup_verify(ctx):
    return "REDIS" in ctx.door.exec("db", "head -c 5 /data/dump.rdb")
