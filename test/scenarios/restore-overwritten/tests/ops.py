"""A word in the database that is saved, and another one that is not."""


def pre_backup(ctx):
    ctx.door.exec("db", "redis-cli set backup 'before the backup' && redis-cli save")


def pre_restore(ctx):
    ctx.door.exec("db", "redis-cli set backup 'after the backup' && redis-cli save")
