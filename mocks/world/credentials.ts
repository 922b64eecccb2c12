/** The credentials that a client signs with. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** The mock's default credentials: those of AWS's documentation. */
export const mockCredentials: Credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** The mock's default API keys: one for each of its two applications, and so for each gallery. */
export const mockApiKeys = ["necid-mock-application-key-0001", "necid-mock-application-key-0002"];
