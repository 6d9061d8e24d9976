// A real OpenID Connect provider on loopback, for the tests: node identity_provider.mjs MODULES PORT REDIRECT_URI
// Whoever signs in with a name is that person, with any password; it prints "ready" once it answers.
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [modules, port, redirectUri] = process.argv.slice(2);
const { Provider } = await import(pathToFileURL(createRequire(`${modules}/`).resolve("oidc-provider")));

const PEOPLE = {
  grace: { name: "Grace Hopper", preferred_username: "grace", email: "grace@example.org", email_verified: true },
  // Known to the site already, by an address that it has confirmed.
  ada: { name: "Ada Lovelace", preferred_username: "countess", email: "ada@example.org", email_verified: true },
  // Claims Ada's address, which the provider has not confirmed.
  mallory: { name: "Mallory", preferred_username: "mallory", email: "ada@example.org", email_verified: false },
};

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{ client_id: "glossary", client_secret: "only-for-tests", redirect_uris: [redirectUri] }],
  claims: { email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
  cookies: { keys: ["only-for-tests"] },
  findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
});
provider.listen(Number(port), "127.0.0.1", () => console.log("ready"));
