/** Who may sign. */
export type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };

/** AWS's documentation pair: the mock's credentials unless others are given. */
export const mockCredentials: Credentials = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};

/** One API key for each of the mock's two applications, and so for each gallery. */
export const mockApiKeys = ["necid-mock-application-key-0001", "necid-mock-application-key-0002"];
