# Modules put together: what is declared, what is defined, and what is neither.
lib:
let
  inherit (lib) attrNames concatMap dischargeUsual elem filter foldl' head isAttrs isOption length map mapAttrs pushDown showOption strongest unique;

  evalModules =
    { modules, specialArgs ? { }, prefix ? [ ] }:
    let
      args = specialArgs // { inherit lib config options; };
      called = module:
        let
          imported = if builtins.isPath module || builtins.isString module then import module else module;
          value = if builtins.isFunction imported then imported args else imported;
          # A module without `options` and `config` is all configuration.
          isLong = value ? options || value ? config;
          rest = removeAttrs value [ "imports" "options" "config" "_file" "meta" ];
          full =
            if !isLong then { config = rest; }
            else if rest != { } then throw "A module with `options` or `config` also has ${toString (attrNames rest)}: move these into `config`."
            else value;
        in
        concatMap called (value.imports or [ ]) ++ [ { options = full.options or { }; config = full.config or { }; } ];
      all = concatMap called modules;
      declared = foldl' (merged: module: join prefix merged module.options) { } all;
      tree = evalTree prefix declared (concatMap ({ config, ... }: pushDown config) all);
      config = mapTree (option: option.value) tree;
      options = tree;
    in
    { inherit config options; };

  join = loc: a: b:
    a // mapAttrs
      (name: new:
        if !(a ? ${name}) then new
        else if isOption a.${name} || isOption new then throw "The option `${showOption (loc ++ [ name ])}' is declared twice."
        else join (loc ++ [ name ]) a.${name} new)
      b;

  mapTree = f: mapAttrs (_: node: if isOption node then f node else mapTree f node);

  evalTree = loc: declared: definitions:
    let
      bad = filter (value: !isAttrs value) definitions;
      unknown = filter (name: !elem name (attrNames declared)) (unique (concatMap attrNames definitions));
      given = name: map (value: value.${name}) (filter (value: value ? ${name}) definitions);
      below = name: node: (if isOption node then evalOption else evalTree) (loc ++ [ name ]) node
        (if isOption node then given name else concatMap pushDown (given name));
    in
    if bad != [ ] then throw "`${showOption loc}' is a set of options, and a definition of it is no set."
    else if unknown != [ ] then throw "The option `${showOption (loc ++ [ (head unknown) ])}' does not exist."
    else mapAttrs below declared;

  evalOption = loc: declaration: definitions:
    let
      type = declaration.type or (throw "The option `${showOption loc}' has no type.");
      all = strongest (concatMap dischargeUsual definitions);
      wrong = filter ({ value, ... }: !type.check value) all;
      merged =
        if (declaration.readOnly or false) && length all > 1 then throw "The option `${showOption loc}' is read-only, but it is set more than once."
        else if wrong != [ ] then
          throw "A definition for option `${showOption loc}' is not of type `${type.description}'. It is: ${lib.showKind (head wrong).value}"
        else if all != [ ] then type.merge loc (map ({ value, ... }: { inherit value; }) all)
        else if !(declaration ? default) then throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option."
        else if !type.check declaration.default then throw "The default of option `${showOption loc}' is not of type `${type.description}'."
        else type.merge loc [ { value = declaration.default; } ];
    in
    declaration // { inherit loc; value = (declaration.apply or (value: value)) merged; };
in
evalModules
