# Types: which values they take, how several definitions become one, and what is inside.
lib:
let
  inherit (lib) all concatMap concatStringsSep discharge elem filter head isAttrs isList isString length listToAttrs map attrNames strongest unique;
  inherit (builtins) isBool isFloat isInt isPath match;

  show = lib.showOption;
  mkType = type: {
    getSubOptions = _: { };
    merge = loc: definitions:
      if length (unique (map ({ value }: value) definitions)) == 1 then (head definitions).value
      else throw "The option `${show loc}' has conflicting definition values.";
  } // type;
  # An element may have conditions of its own.
  elements = type: loc: values:
    let counted = strongest (concatMap (value: discharge 100 value) values);
    in
    if counted == [ ] then [ ]
    else if all ({ value, ... }: type.check value) counted then [ (type.merge loc (map ({ value, ... }: { inherit value; }) counted)) ]
    else throw "A definition for option `${show loc}' is not of type `${type.description}'.";

  str = mkType { description = "string"; check = isString; };
  int = mkType { description = "signed integer"; check = isInt; };
  isNumber = value: isInt value || isFloat value;
  isInStore = value: match "/nix/store/.+" (toString value) != null;
  addCheck = type: check: type // { check = value: type.check value && check value; };
  nullOr = type: mkType {
    description = "null or ${type.description}";
    check = value: value == null || type.check value;
    merge = loc: definitions: if all ({ value }: value == null) definitions then null else type.merge loc definitions;
    inherit (type) getSubOptions;
  };
  either = a: b: mkType {
    description = "${a.description} or ${b.description}";
    check = value: a.check value || b.check value;
    merge = loc: definitions: (if all ({ value }: a.check value) definitions then a else b).merge loc definitions;
  };
in
{
  inherit addCheck either int nullOr str;
  bool = mkType { description = "boolean"; check = isBool; };
  lines = mkType { description = "strings concatenated with \"\\n\""; check = isString; merge = _: definitions: concatStringsSep "\n" (map ({ value }: value) definitions); };
  nonEmptyStr = addCheck (str // { description = "non-empty string"; }) (value: value != "");
  strMatching = pattern: addCheck (str // { description = "string matching the pattern ${pattern}"; }) (value: match pattern value != null);
  port = addCheck (int // { description = "16 bit unsigned integer; between 0 and 65535 (both inclusive)"; }) (n: n >= 0 && n <= 65535);
  ints = {
    positive = addCheck (int // { description = "positive integer, meaning >0"; }) (n: n > 0);
    unsigned = addCheck (int // { description = "unsigned integer, meaning >=0"; }) (n: n >= 0);
    between = low: high:
      addCheck (int // { description = "integer between ${toString low} and ${toString high} (both inclusive)"; }) (n: n >= low && n <= high);
  };
  numbers = {
    positive = mkType { description = "positive integer or floating point number, meaning >0"; check = n: isNumber n && n > 0; };
    nonnegative = mkType { description = "nonnegative integer or floating point number, meaning >=0"; check = n: isNumber n && n >= 0; };
  };
  path = mkType { description = "absolute path"; check = value: isPath value || ((isString value || value ? outPath) && match "/.*" (toString value) != null); };
  package = mkType { description = "package"; check = value: lib.isDerivation value || (isString value && isInStore value); merge = _: definitions: (head definitions).value; };
  anything = mkType { description = "anything"; check = _: true; merge = _: definitions: (head definitions).value; };
  enum = values: mkType { description = "one of ${lib.concatMapStringsSep ", " builtins.toJSON values}"; check = value: elem value values; };
  oneOf = types: lib.foldl' either (head types) (builtins.tail types);
  listOf = type: mkType {
    description = "list of ${type.description}";
    check = isList;
    merge = loc: definitions: concatMap ({ value }: concatMap (element: elements type loc [ element ]) value) definitions;
    getSubOptions = prefix: type.getSubOptions (prefix ++ [ "*" ]);
  };
  attrsOf = type: mkType {
    description = "attribute set of ${type.description}";
    check = isAttrs;
    merge = loc: definitions:
      let names = unique (concatMap ({ value }: attrNames value) definitions);
      in
      listToAttrs (concatMap
        (name: map (value: { inherit name value; })
          (elements type (loc ++ [ name ]) (concatMap ({ value }: if value ? ${name} then [ value.${name} ] else [ ]) definitions)))
        names);
    getSubOptions = prefix: type.getSubOptions (prefix ++ [ "<name>" ]);
  };
  submodule = module: mkType {
    description = "submodule";
    check = isAttrs;
    merge = loc: definitions:
      (lib.evalModules { modules = [ module ] ++ map ({ value }: { config = value; }) definitions; prefix = loc; }).config;
    getSubOptions = prefix: (lib.evalModules { modules = [ module ]; inherit prefix; }).options;
  };
}
