# Made from the code by `npm test -- --update`; a test fails when it is not current. Read by ./options-of.nix.
{
  settings = {
    type = "object";
    properties = {
      instance = {
        type = "string";
        pattern = "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$";
        description = "Name of this cc-ci: part of every label, so two of them can share a host";
      };
      forge = {
        type = "object";
        properties = {
          url = {
            type = "string";
            format = "uri";
            description = "Where the services reach the forge, e.g. https://git.coopcloud.tech";
          };
          public_url = {
            description = "Where people reach the forge, when that differs";
            type = "string";
            format = "uri";
          };
        };
        required = [ "url" ];
        additionalProperties = false;
      };
      enrol = {
        type = "object";
        properties = {
          owners = {
            minItems = 1;
            type = "array";
            items = {
              type = "string";
              minLength = 1;
            };
            description = "Organisations or users whose repositories are recipes";
          };
          include = {
            default = [ ];
            description = "Only these repositories, as owner/name; empty: all";
            type = "array";
            items = {
              type = "string";
            };
          };
          exclude = {
            default = [ ];
            description = "Never these repositories, as owner/name";
            type = "array";
            items = {
              type = "string";
            };
          };
          upstream = {
            description = "Forge organisation that release tags are read from, when the enrolled repositories are mirrors";
            type = "string";
            format = "uri";
          };
        };
        required = [ "owners" ];
        additionalProperties = false;
      };
      people = {
        default = { };
        type = "object";
        properties = {
          allow = {
            default = [ ];
            description = "Logins that may start runs without being members";
            type = "array";
            items = {
              type = "string";
            };
          };
          runs_per_person = {
            default = 5;
            description = "Pull requests of which one person may have runs waiting or going on at the same time";
            type = "integer";
            exclusiveMinimum = 0;
            maximum = 9007199254740991;
          };
          ignore = {
            default = [ ];
            description = "Logins of other bots, whose comments are never commands";
            type = "array";
            items = {
              type = "string";
            };
          };
        };
        additionalProperties = false;
      };
      trigger = {
        default = { };
        type = "object";
        properties = {
          word = {
            default = "!testme";
            description = "The word that starts a command";
            type = "string";
            pattern = "^![a-z0-9-]+$";
          };
          poll_seconds = {
            default = 30;
            description = "Pause between two polls of the forge";
            type = "number";
            exclusiveMinimum = 0;
          };
          oldest_minutes = {
            default = 1440;
            description = "A comment older than this when it is first seen is recorded as too old";
            type = "number";
            exclusiveMinimum = 0;
          };
        };
        additionalProperties = false;
      };
      deploy = {
        type = "object";
        properties = {
          driver = {
            default = "auto";
            description = "What deploys: abra where one is on PATH that knows what is needed, else the Swarm driver";
            type = "string";
            enum = [ "auto" "swarm" "abra" ];
          };
          abra = {
            default = "abra";
            description = "abra: a name on PATH, or an absolute path";
            type = "string";
          };
          apps_domain = {
            type = "string";
            pattern = "^[a-z0-9.-]+$";
            description = "Apps of runs are deployed under names of this domain";
          };
          proxy_address = {
            default = "127.0.0.1";
            description = "Address of the host’s proxy, where probes go";
            type = "string";
          };
          proxy_port = {
            default = 443;
            description = "Port of the host’s proxy";
            type = "integer";
            minimum = 1;
            maximum = 65535;
          };
          ca_file = {
            description = "Certificate of the authority that the proxy’s certificates come from; unset: those the system trusts";
            type = "string";
          };
          network = {
            default = "proxy";
            description = "External network that the proxy and the apps share";
            type = "string";
          };
          minimum_free_disk_gb = {
            default = 5;
            description = "Below this no run is started on a host, in GB";
            type = "number";
            minimum = 0;
          };
          docker_cli = {
            default = "docker";
            description = "Docker CLI, version 23 or later";
            type = "string";
          };
        };
        required = [ "apps_domain" ];
        additionalProperties = false;
      };
      images = {
        default = { };
        type = "object";
        properties = {
          login_file = {
            description = "Docker configuration file with registry logins (not yet heeded)";
            type = "string";
            format = "starts_with";
            pattern = "^\\/.*";
          };
          mirror = {
            description = "Pull-through mirror of Docker Hub (not yet heeded)";
            type = "string";
            format = "uri";
          };
        };
        additionalProperties = false;
      };
      tests = {
        default = { };
        type = "object";
        properties = {
          source = {
            default = "tests";
            description = "Folder with cc-ci’s own tests, one folder for each recipe; relative to cc-ci’s own folder";
            type = "string";
          };
          toolbox = {
            default = "cc-ci/toolbox:1";
            description = "Image in which tests run: Python with pytest, Node with Vitest, curl, jq, git";
            type = "string";
          };
          extra = {
            default = false;
            description = "Run extra tests every time, as with `--extra-tests`";
            type = "boolean";
          };
          minutes = {
            default = 15;
            description = "pytest, Vitest, and each executable";
            type = "number";
            exclusiveMinimum = 0;
          };
          memory_mb = {
            default = 1024;
            description = "Memory of a container in which tests run, in MB";
            type = "integer";
            minimum = 64;
            maximum = 9007199254740991;
          };
          processes = {
            default = 512;
            description = "Processes and threads of a container in which tests run";
            type = "integer";
            minimum = 16;
            maximum = 9007199254740991;
          };
          approved_local = {
            default = [ ];
            description = "Recipes whose own tests, in `tests/` of the recipe, may run";
            type = "array";
            items = {
              type = "string";
            };
          };
        };
        additionalProperties = false;
      };
      timeouts = {
        default = { };
        type = "object";
        properties = {
          run_minutes = {
            default = 60;
            description = "A whole run, whatever it prints";
            type = "number";
            exclusiveMinimum = 0;
          };
          converge_minutes = {
            default = 10;
            description = "At least this long for a deployment to become healthy; the recipe’s own timeout counts when longer";
            type = "number";
            exclusiveMinimum = 0;
          };
          hold_seconds = {
            default = 30;
            description = "The commit under test has to stand for this long once it runs; the recipe’s own monitor counts when longer";
            type = "number";
            exclusiveMinimum = 0;
          };
          http_seconds = {
            default = 300;
            description = "Until a healthy app answers through the proxy";
            type = "number";
            exclusiveMinimum = 0;
          };
          pull_minutes = {
            default = 15;
            description = "All images of one deployment";
            type = "number";
            exclusiveMinimum = 0;
          };
          cleanup_minutes = {
            default = 5;
            description = "Removing everything of a run, fresh after whatever ended it";
            type = "number";
            exclusiveMinimum = 0;
          };
        };
        additionalProperties = false;
      };
      runner = {
        default = { };
        type = "object";
        properties = {
          lease_seconds = {
            default = 30;
            description = "A runner that is silent for this long has lost its run";
            type = "number";
            exclusiveMinimum = 0;
          };
          reap_seconds = {
            default = 15;
            description = "Pause between two looks for what no living attempt owns";
            type = "number";
            exclusiveMinimum = 0;
          };
          attempts = {
            default = 3;
            description = "Tries at one run when the trouble is our own";
            type = "integer";
            exclusiveMinimum = 0;
            maximum = 9007199254740991;
          };
        };
        additionalProperties = false;
      };
      policy = {
        default = { };
        description = "Exceptions from the policy gate, by recipe, and volumes that an upgrade may lose: `data:<volume>`";
        type = "object";
        propertyNames = {
          type = "string";
        };
        additionalProperties = {
          type = "object";
          properties = {
            allow = {
              minItems = 1;
              type = "array";
              items = {
                type = "string";
              };
            };
            reason = {
              type = "string";
              minLength = 1;
            };
          };
          required = [ "allow" "reason" ];
          additionalProperties = false;
        };
      };
      canonicals = {
        default = { };
        type = "object";
        properties = {
          keep = {
            default = true;
            description = "Keep the data of the last good run of each recipe (not yet heeded)";
            type = "boolean";
          };
        };
        additionalProperties = false;
      };
      schedules = {
        default = { };
        type = "object";
        properties = {
          zone = {
            default = "UTC";
            description = "IANA time zone of the times below";
            type = "string";
          };
          sweep = {
            default = "0 3 * * *";
            description = "Cron pattern of the nightly re-test; null: never";
            type = [ "string" "null" ];
          };
        };
        additionalProperties = false;
      };
      retention = {
        default = { };
        type = "object";
        properties = {
          runs_days = {
            default = 90;
            description = "How long the records of runs are kept, from the request on; logs are kept for 30 days at most";
            type = "integer";
            exclusiveMinimum = 0;
            maximum = 9007199254740991;
          };
          intake_days = {
            default = 180;
            description = "How long the record of a comment is kept, and with it that the comment was answered";
            type = "integer";
            exclusiveMinimum = 0;
            maximum = 9007199254740991;
          };
        };
        additionalProperties = false;
      };
      dashboard = {
        type = "object";
        properties = {
          public_url = {
            type = "string";
            format = "uri";
            description = "Where people reach the reporter, used in every link";
          };
          access = {
            default = "public";
            description = "Who may read the dashboard";
            type = "string";
            enum = [ "public" "token" ];
          };
        };
        required = [ "public_url" ];
        additionalProperties = false;
      };
      say = {
        default = { };
        type = "object";
        properties = {
          commit_status = {
            default = "auto";
            description = "Set commit statuses where the token may";
            type = "string";
            enum = [ "auto" "never" ];
          };
          progress_seconds = {
            default = 10;
            description = "Pause between two edits of a progress comment that only move its clock";
            type = "number";
            exclusiveMinimum = 0;
          };
          repro_command = {
            default = null;
            description = "Command that repeats a run on the reader’s machine, e.g. `npm run ccci -- run {recipe}@{commit}`; null: no such line";
            type = [ "string" "null" ];
          };
        };
        additionalProperties = false;
      };
      alerts = {
        default = { };
        type = "object";
        properties = {
          operations_repository = {
            description = "owner/name of the repository where alerts become issues (not yet heeded)";
            type = "string";
          };
          ntfy = {
            description = "Topic that alerts are sent to (not yet heeded)";
            type = "string";
            format = "uri";
          };
          webhook = {
            description = "Address that alerts are posted to (not yet heeded)";
            type = "string";
            format = "uri";
          };
          heartbeat_url = {
            description = "Pinged after each good night (not yet heeded)";
            type = "string";
            format = "uri";
          };
        };
        additionalProperties = false;
      };
      infra = {
        default = { };
        type = "object";
        properties = {
          apps = {
            default = { };
            description = "Infrastructure apps and who owns them (not yet heeded)";
            type = "object";
            propertyNames = {
              type = "string";
            };
            additionalProperties = {
              type = "object";
              properties = {
                recipe = {
                  type = "string";
                };
                domain = {
                  type = "string";
                };
                owner = {
                  type = "string";
                  enum = [ "reconciler" "maintainer" ];
                };
              };
              required = [ "recipe" "domain" "owner" ];
              additionalProperties = false;
            };
          };
        };
        additionalProperties = false;
      };
    };
    required = [ "instance" "forge" "enrol" "deploy" "dashboard" ];
    additionalProperties = false;
  };
  environment = {
    trigger = {
      type = "object";
      properties = {
        REDIS_URL = {
          type = "string";
          format = "uri";
          description = "Redis that all services share, e.g. redis://localhost:6379";
        };
        CCCI_SETTINGS = {
          default = "/etc/cc-ci/cc-ci.yml";
          description = "The instance file";
          type = "string";
        };
        CCCI_HOST = {
          default = "local";
          description = "Name of this host: lower-case letters, digits, dashes";
          type = "string";
          pattern = "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$";
        };
        LOG_LEVEL = {
          default = "info";
          description = "How much is logged";
          type = "string";
          enum = [ "debug" "info" "warn" "error" ];
        };
        WEBHOOK_SECRET_FILE = {
          description = "File with the secret of the forge’s webhooks; while it is rotated, the new one and the old one on lines of their own";
          type = "string";
        };
        API_TOKENS_FILE = {
          description = "File with the tokens of the HTTP API: a line each with a name, `runs`, and the SHA-256 of the token";
          type = "string";
        };
        TRIGGER_LISTEN_ADDRESS = {
          default = "127.0.0.1";
          description = "Address of webhooks and of the HTTP API";
          type = "string";
        };
        TRIGGER_LISTEN_PORT = {
          default = 8082;
          description = "Port of webhooks and of the HTTP API; 0: any free one";
          type = "integer";
          minimum = 0;
          maximum = 65535;
        };
        FORGE_TOKEN_FILE = {
          type = "string";
          description = "File with a token: read:issue, read:repository, read:organization, read:user";
        };
      };
      required = [ "REDIS_URL" "FORGE_TOKEN_FILE" ];
    };
    runner = {
      type = "object";
      properties = {
        REDIS_URL = {
          type = "string";
          format = "uri";
          description = "Redis that all services share, e.g. redis://localhost:6379";
        };
        CCCI_SETTINGS = {
          default = "/etc/cc-ci/cc-ci.yml";
          description = "The instance file";
          type = "string";
        };
        CCCI_HOST = {
          default = "local";
          description = "Name of this host: lower-case letters, digits, dashes";
          type = "string";
          pattern = "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$";
        };
        LOG_LEVEL = {
          default = "info";
          description = "How much is logged";
          type = "string";
          enum = [ "debug" "info" "warn" "error" ];
        };
        CCCI_STATE = {
          default = "/var/lib/cc-ci-runner";
          description = "Folder of this runner alone, for checkouts; what is in it is deleted";
          type = "string";
          format = "starts_with";
          pattern = "^\\/.*";
        };
        CCCI_CAPACITY = {
          default = 1;
          description = "Runs that this runner carries out at the same time";
          type = "integer";
          exclusiveMinimum = 0;
          maximum = 9007199254740991;
        };
        DOCKER_HOST = {
          default = "unix:///var/run/docker.sock";
          description = "The Docker engine, a Swarm manager";
          type = "string";
          pattern = "^(?:unix|tcp):\\/\\/.";
        };
        CCCI_PROXY_ADDRESS = {
          description = "Address of this host’s proxy, where it is not the one of the instance file";
          type = "string";
        };
        FORGE_TOKEN_FILE = {
          description = "File with a read-only token; not needed where all recipes are public";
          type = "string";
        };
      };
      required = [ "REDIS_URL" ];
    };
    reporter = {
      type = "object";
      properties = {
        REDIS_URL = {
          type = "string";
          format = "uri";
          description = "Redis that all services share, e.g. redis://localhost:6379";
        };
        CCCI_SETTINGS = {
          default = "/etc/cc-ci/cc-ci.yml";
          description = "The instance file";
          type = "string";
        };
        CCCI_HOST = {
          default = "local";
          description = "Name of this host: lower-case letters, digits, dashes";
          type = "string";
          pattern = "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$";
        };
        LOG_LEVEL = {
          default = "info";
          description = "How much is logged";
          type = "string";
          enum = [ "debug" "info" "warn" "error" ];
        };
        ADMIN_TOKEN_FILE = {
          type = "string";
          description = "File with the token that operators sign in with";
        };
        LISTEN_ADDRESS = {
          default = "127.0.0.1";
          description = "Address of the dashboard";
          type = "string";
        };
        LISTEN_PORT = {
          default = 8080;
          description = "Port of the dashboard; 0: any free one";
          type = "integer";
          minimum = 0;
          maximum = 65535;
        };
        ADMIN_LISTEN_ADDRESS = {
          default = "127.0.0.1";
          description = "Address of the pages for operators";
          type = "string";
        };
        ADMIN_LISTEN_PORT = {
          default = 8081;
          description = "Port of the pages for operators; 0: any free one";
          type = "integer";
          minimum = 0;
          maximum = 65535;
        };
        FORGE_TOKEN_FILE = {
          type = "string";
          description = "File with the token that comments: write:issue, read:user, read:repository; for statuses write:repository";
        };
      };
      required = [ "REDIS_URL" "ADMIN_TOKEN_FILE" "FORGE_TOKEN_FILE" ];
    };
    infra = {
      type = "object";
      properties = {
        REDIS_URL = {
          type = "string";
          format = "uri";
          description = "Redis that all services share, e.g. redis://localhost:6379";
        };
        CCCI_SETTINGS = {
          default = "/etc/cc-ci/cc-ci.yml";
          description = "The instance file";
          type = "string";
        };
        CCCI_HOST = {
          default = "local";
          description = "Name of this host: lower-case letters, digits, dashes";
          type = "string";
          pattern = "^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$";
        };
        LOG_LEVEL = {
          default = "info";
          description = "How much is logged";
          type = "string";
          enum = [ "debug" "info" "warn" "error" ];
        };
        WEBHOOK_AUTOREGISTER = {
          default = "0";
          description = "1: the forge’s webhooks are made and kept in order; needs the next three";
          type = "string";
          enum = [ "0" "1" ];
        };
        FORGE_ADMIN_TOKEN_FILE = {
          description = "File with a token of an administrator of the recipes, write:repository: only for webhooks";
          type = "string";
        };
        WEBHOOK_URL = {
          description = "Where the forge reaches the trigger, e.g. https://ci.example.org/hooks/gitea";
          type = "string";
          format = "uri";
        };
        WEBHOOK_SECRET_FILE = {
          description = "File with the secret of the forge’s webhooks; while it is rotated, the new one and the old one on lines of their own";
          type = "string";
        };
        FORGE_TOKEN_FILE = {
          description = "File with a read-only token; not needed where all recipes are public";
          type = "string";
        };
      };
      required = [ "REDIS_URL" ];
    };
  };
}
