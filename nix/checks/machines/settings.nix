# The least that an instance has to say of itself.
{
  services.cc-ci.settings = {
    instance = "coop";
    forge.url = "https://git.example.org";
    enrol.owners = [ "coop-cloud" ];
    deploy.apps_domain = "ci.example.org";
    dashboard.public_url = "https://ci.example.org";
  };
}
