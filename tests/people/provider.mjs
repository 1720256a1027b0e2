// An OpenID Connect provider for tests: node provider.mjs MODULES PORT REDIRECT
// Whoever logs in as NAME is NAME@shop.example, in the group litmus-NAME; any password will do.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, port, redirect] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(join(modules, "oidc-provider", "lib", "index.js")));

const account = (id) => ({
  accountId: id,
  claims: async () => ({
    sub: id,
    name: `The ${id}`,
    email: `${id}@shop.example`,
    email_verified: id !== "unverified",
    groups: [`litmus-${id}`],
  }),
});
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: "litmus",
      client_secret: "a secret of tests",
      redirect_uris: [redirect],
      grant_types: ["authorization_code", "client_credentials"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"], groups: ["groups"] },
  conformIdTokenClaims: false, // all claims are in the ID token
  cookies: { keys: ["a secret of tests"] },
  features: {
    clientCredentials: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, audience) => ({
        audience, scope: "", accessTokenFormat: "jwt", accessTokenTTL: audience.endsWith("brief") ? 1 : 600,
      }),
    },
  },
  findAccount: (_, id) => account(id),
  pkce: { required: () => false },
});
provider.listen(Number(port), "127.0.0.1", () => console.log("listening"));
