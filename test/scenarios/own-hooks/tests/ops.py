"""What has to be in the database before each step, so that the step's own test finds it after."""


def _say(ctx, word):
    ctx.door.exec("db", "redis-cli set %s '%s' && redis-cli save" % (ctx.op, word))


def pre_install(ctx):
    _say(ctx, ctx.meta.recipe)


def pre_upgrade(ctx):
    _say(ctx, "before the upgrade")


def pre_backup(ctx):
    _say(ctx, "before the backup")


def pre_restore(ctx):
    ctx.door.exec("db", "redis-cli set backup 'after the backup' && redis-cli save")
