import { expect, test } from "vitest";
import { scopeOf, scopeOfHost } from "../../../contracts/openapi/scope.ts";

const eu = { region: "eu-west-1", service: "execute-api" };

test.each([
  ["a1b2c3.execute-api.eu-west-1.amazonaws.com", eu],
  ["A1B2C3.Execute-API.EU-West-1.amazonaws.com:443", eu],
  ["a1b2c3-vpce-01.execute-api.eu-west-1.amazonaws.com", eu],
  ["a1.execute-api.cn-north-1.amazonaws.com.cn", { region: "cn-north-1", service: "execute-api" }],
  ["a1.execute-api.us-gov-west-1.amazonaws.com", { region: "us-gov-west-1", service: "execute-api" }],
  ["cognito-sync.us-east-1.amazonaws.com", { region: "us-east-1", service: "cognito-sync" }],
  ["runtime.lex.us-west-2.amazonaws.com", { region: "us-west-2", service: "lex" }],
  ["iam.amazonaws.com", { region: "us-east-1", service: "iam" }],
  ["api.id.nec.com.au", undefined],
  ["amazonaws.com", undefined],
  ["execute-api.eu-west-1.amazonaws.com.example", undefined],
  ["127.0.0.1:4010", undefined],
])("the scope of %s", (host, scope) => {
  expect(scopeOfHost(host)).toEqual(scope);
});

test.each([
  [[{ url: "https://a1.execute-api.eu-west-1.amazonaws.com/{stage}" }], eu],
  [[{ url: "/v1" }, { url: "https://a1.execute-api.eu-west-1.amazonaws.com/v1" }], eu],
  [
    [
      {
        url: "https://{id}.execute-api.{region}.amazonaws.com",
        variables: { id: { default: "a1" }, region: { default: "eu-west-1" } },
      },
    ],
    eu,
  ],
  [[{ url: "https://orders.example" }], undefined],
  [[], undefined],
])("the scope of the servers %j", (servers, scope) => {
  expect(scopeOf({ servers })).toEqual(scope);
});
