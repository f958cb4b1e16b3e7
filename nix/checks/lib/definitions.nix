# What modules say with: options, and values with conditions and priorities.
lib:
let
  inherit (import ./lists.nix) concatMap filter foldl' isAttrs map mapAttrs;
  # As in nixpkgs: the lowest number counts.
  usual = 100;
  override = priority: content: { _type = "override"; inherit priority content; };
  mkIf = condition: content: { _type = "if"; inherit condition content; };
  kindOf = value: if isAttrs value then value._type or null else null;

  # One definition taken apart: a value without conditions, and its priority.
  discharge = priority: value:
    {
      "if" = if value.condition then discharge priority value.content else [ ];
      merge = concatMap (discharge priority) value.contents;
      override = discharge value.priority value.content;
      order = throw "The order of definitions (mkBefore, mkAfter) is not known to nix/checks/lib.";
    }.${toString (kindOf value)} or [ { inherit priority value; } ];

  # Conditions and priorities of a set, said of each of its members instead: what a module is asked for last decides whether it is
  # asked at all, so that a condition may read what the same module declares.
  pushDown = value:
    {
      "if" = map (mapAttrs (_: mkIf value.condition)) (pushDown value.content);
      merge = concatMap pushDown value.contents;
      override = map (mapAttrs (_: override value.priority)) (pushDown value.content);
    }.${toString (kindOf value)} or [ value ];
in
{
  mkOption = declaration: declaration // { _type = "option"; };
  mkEnableOption = what: {
    _type = "option";
    description = "Whether to enable ${what}.";
    default = false;
    example = true;
    type = lib.types.bool;
  };
  inherit mkIf;
  mkMerge = contents: { _type = "merge"; inherit contents; };
  mkOverride = override;
  inherit discharge pushDown;
  mkDefault = override 1000;
  mkForce = override 50;
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  isOption = value: kindOf value == "option";
  dischargeUsual = discharge usual;

  # Of several definitions those that count.
  strongest = definitions:
    let best = foldl' (least: { priority, ... }: if priority < least then priority else least) 9999 definitions;
    in filter ({ priority, ... }: priority == best) definitions;
}
