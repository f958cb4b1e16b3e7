# Options and values out of the schema that the services check their settings with (./schema.nix, made from the code): so the
# two cannot say different things, and a mistake is told before a host is switched.
{ lib }:
let
  inherit (lib) concatStringsSep elem filterAttrs mapAttrs mkOption optionalAttrs types;

  # What zod writes where a number has no upper limit.
  unlimited = 9007199254740991;

  kindsOf = node: if builtins.isList (node.type or null) then node.type else [ (node.type or null) ];
  isNullable = node: elem "null" (kindsOf node);
  isSection = node: node ? properties;
  kindOf = where: node:
    let kinds = builtins.filter (kind: kind != "null") (kindsOf node);
    in
    if builtins.length kinds == 1 then builtins.head kinds
    else throw "${concatStringsSep "." where} has a type that nix/modules/options-of.nix does not know: ${builtins.toJSON node}";

  integer = { minimum ? null, maximum ? unlimited, exclusiveMinimum ? null, ... }:
    let least = if exclusiveMinimum != null then exclusiveMinimum + 1 else minimum;
    in
    if least == null then types.int
    else if least == 0 && maximum == 65535 then types.port
    else if maximum != unlimited then types.ints.between least maximum
    else if least == 0 then types.ints.unsigned
    else if least == 1 then types.ints.positive
    else types.addCheck types.int (value: value >= least) // { description = "integer of ${toString least} or more"; };

  text = node:
    if node ? enum then types.enum node.enum
    else if lib.hasPrefix "^\\/" (node.pattern or "") then types.strMatching "/.*"
    else if (node.minLength or 0) > 0 then types.nonEmptyStr
    else types.str;

  typeOf = where: node:
    let
      plain = {
        string = text node;
        integer = integer node;
        number = if node ? exclusiveMinimum then types.numbers.positive else types.numbers.nonnegative;
        boolean = types.bool;
        array = types.listOf (typeOf (where ++ [ "*" ]) node.items);
        object =
          if isSection node then types.submodule { options = optionsOf where node; }
          else types.attrsOf (typeOf (where ++ [ "<name>" ]) node.additionalProperties);
      }.${kindOf where node};
    in
    if isNullable node then types.nullOr plain else plain;

  # One option. Without a default it has to be set where it is required; elsewhere null means that the services decide.
  optionOf = where: node: required:
    let
      type = typeOf where node;
      isAbsent = !(node ? default) && !required;
    in
    mkOption (
      {
        description = node.description or "See `docs/settings.md`.";
        type = if isAbsent && !isNullable node then types.nullOr type else type;
      }
      // optionalAttrs (node ? default) { inherit (node) default; }
      // optionalAttrs isAbsent { default = null; }
    );

  optionsOf = where: node:
    mapAttrs
      (name: child:
        if isSection child then optionsOf (where ++ [ name ]) child
        else optionOf (where ++ [ name ]) child (elem name (node.required or [ ])))
      node.properties;

  # What is written into the instance file: everything that is set, and null only where it means something.
  valueOf = node: value:
    if isSection node then
      mapAttrs (name: valueOf node.properties.${name})
        (filterAttrs (name: given: given != null || isNullable node.properties.${name}) (builtins.intersectAttrs node.properties value))
    else if kindOf [ ] node == "object" && value != null then mapAttrs (_: valueOf node.additionalProperties) value
    else value;
in
{ inherit optionOf optionsOf typeOf valueOf; }
