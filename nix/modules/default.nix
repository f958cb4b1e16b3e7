# Everything; a host enables what it is to be.
{
  imports = [ ./shared.nix ./trigger.nix ./runner.nix ./reporter.nix ./infra.nix ./host.nix ];
}
