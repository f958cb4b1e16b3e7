# Lists, attribute sets and strings.
let
  inherit (builtins) attrNames concatMap concatStringsSep elem filter foldl' isString listToAttrs map replaceStrings stringLength substring;
in
rec {
  inherit (builtins) all any attrNames attrValues concatMap concatStringsSep elem filter foldl' head isAttrs isList isString length
    listToAttrs map mapAttrs replaceStrings toJSON;

  nameValuePair = name: value: { inherit name value; };
  mapAttrs' = f: set: listToAttrs (map (name: f name set.${name}) (attrNames set));
  mapAttrsToList = f: set: map (name: f name set.${name}) (attrNames set);
  filterAttrs = keep: set: listToAttrs (concatMap (name: optional (keep name set.${name}) (nameValuePair name set.${name})) (attrNames set));
  genAttrs = names: f: listToAttrs (map (name: nameValuePair name (f name)) names);
  optional = condition: value: if condition then [ value ] else [ ];
  optionals = condition: values: if condition then values else [ ];
  optionalAttrs = condition: set: if condition then set else { };
  optionalString = condition: text: if condition then text else "";
  unique = foldl' (seen: value: if elem value seen then seen else seen ++ [ value ]) [ ];
  subtractLists = taken: filter (value: !elem value taken);
  concatMapStringsSep = separator: f: values: concatStringsSep separator (map f values);
  hasPrefix = prefix: text: substring 0 (stringLength prefix) text == prefix;
  removePrefix = prefix: text:
    if hasPrefix prefix text then substring (stringLength prefix) (stringLength text - stringLength prefix) text else text;
  # Quoted only where it is needed, as nixpkgs does it.
  escapeShellArg = value:
    let text = toString value;
    in if builtins.match "[[:alnum:],._+:@%/-]+" text != null then text else "'${replaceStrings [ "'" ] [ "'\\''" ] text}'";
  isDerivation = value: value.type or null == "derivation";
  showOption = concatStringsSep ".";
  assertMsg = condition: message: condition || throw message;
  showKind = value: if isString value then "\"${value}\"" else builtins.toJSON value;
}
