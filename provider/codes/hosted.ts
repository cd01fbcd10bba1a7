import type { CodeEntries } from "./code-entry";

/** OC21xx: the hosted Containers API. */
export const hostedCodes = {
  // Settings
  OC2101: {
    message: "There is no API key",
    cause: "Neither the environment, the stack's configuration nor the explicit provider has an API key.",
    remedy: "Set OPENAI_API_KEY, or run `pulumi config set --secret openai-containers:apiKey`.",
  },
  OC2102: {
    message: "The API address (…) cannot be used: it is not an http(s) URL without user name, password and query",
    cause: "The configured base URL is no URL, or has parts that the provider does not send.",
    remedy: "Set the setting that the message names to a URL such as https://api.openai.com/v1.",
  },
  OC2103: {
    message: "… is …, which is not a positive whole number",
    cause: "The limit of requests per minute is not a whole number of at least 1.",
    remedy: "Set it to the requests per minute that this process may send, such as 100.",
  },
  OC2104: {
    message: "… is …, which is neither true nor false",
    cause: "The setting acceptUnconfirmedNetworkPolicy has another value than true or false.",
    remedy: "Run `pulumi config set openai-containers:acceptUnconfirmedNetworkPolicy true`, or `false`.",
  },

  // Connection
  OC2105: {
    message: "Cannot connect to the API at …: …",
    cause: "Nothing listens at that address, its name does not resolve, or the network does not lead there.",
    remedy: "Check the network connection, and correct OPENAI_BASE_URL if the address is wrong.",
  },
  OC2106: {
    message: "The TLS certificate of the API at … is not trusted: …",
    cause: "A proxy on the way terminates TLS with a certificate of its own, or the server's certificate is not valid.",
    remedy: "Set NODE_EXTRA_CA_CERTS to the file of the proxy's CA certificate.",
  },
  OC2107: {
    message: "The response from the API at … was lost: …",
    cause: "The connection broke or the request timed out after it was sent.",
    remedy: "Run the same command again.",
  },
  OC2108: {
    message: "The API at … did not respond within … s",
    cause:
      "The API is slow or unreachable: a preview does not wait longer for live state, and a file or a skill was requested five times.",
    remedy: "Run the same command again, and correct OPENAI_BASE_URL if the address is wrong.",
  },
  OC2109: {
    message: "The server at … is not the Containers API: it sent …",
    cause: "Another server, a proxy or the login page of a network answers at this address.",
    remedy: "Correct OPENAI_BASE_URL, or sign in to the network.",
  },

  // Error responses
  OC2110: {
    message: "The API at … failed",
    cause: "The API, or a gateway in front of it, had an internal failure (HTTP 5xx or 408).",
    remedy: "Run the same command again. Known outages are at https://status.openai.com.",
  },
  OC2111: {
    message: "The API rejected the key from …",
    cause: "The API key is wrong, expired or revoked (HTTP 401).",
    remedy: "Set a valid key of the intended account.",
  },
  OC2112: {
    message: "The key from … lacks permission for this request",
    cause: "The API key may not manage containers of this organization and project (HTTP 403).",
    remedy: "Give the key permission to manage containers, or correct OPENAI_ORG_ID and OPENAI_PROJECT_ID.",
  },
  OC2113: {
    message: "Not found at …",
    cause: "The base URL leads to a server that does not have this path or object (HTTP 404).",
    remedy: "Correct OPENAI_BASE_URL, which usually ends in /v1.",
  },
  OC2114: {
    message: "The request conflicts with another one",
    cause: "The API processed another request for the same object at the same time (HTTP 409).",
    remedy: "Run the same command again.",
  },
  OC2115: {
    message: "The request is too large for the API",
    cause: "Inline skills are part of the request, and together exceed the API's limit (HTTP 413).",
    remedy: "Make the inline skills smaller, or upload them and refer to them by id.",
  },
  OC2116: {
    message: "The API's rate limit was exceeded, and retries did not help",
    cause: "Other runs or programs of the organization use the same rate limit (HTTP 429).",
    remedy: "Run the same command later, or set openai-containers:requestsPerMinute to the share that others leave.",
  },
  OC2117: {
    message: "The account's quota is used up",
    cause: "The account has no credit left, or has reached its spending limit (HTTP 429).",
    remedy: "Check the account's plan and billing.",
  },
  OC2118: {
    message: "The API rejected …",
    cause: "The API does not accept the value of an argument (HTTP 400, 404 or 422); its own words follow.",
    remedy:
      "Correct the argument that the message names. The hosted API is known to accept at most 20 for expiresAfter.minutes, and only domains on the organization's list.",
  },

  // Confirmation of a new container
  OC2119: {
    message: "The API at … did not create the container as requested: …",
    cause: "The service ignores or changes an argument, so the container was deleted again.",
    remedy: "Correct OPENAI_BASE_URL, or request what the service supports.",
  },
  OC2120: {
    message: "The API at … does not report … of the new container, so nothing confirms that it reaches only …",
    cause: "The service may ignore the allow list, so the container was deleted again.",
    remedy:
      "Use a service that reports the list or, if this one is known to apply it, run `pulumi config set openai-containers:acceptUnconfirmedNetworkPolicy true`.",
  },
  OC2121: {
    message: "… not confirmed: the API at … does not report what it applied to a new container",
    cause: "A warning: the service leaves arguments out of its response, so that it may have ignored them.",
    remedy: "Check inside the container that it has them, or use a service that reports them.",
  },

  // Lost responses to creates
  OC2122: {
    message: "It is unknown whether this run or someone else created …, named …: …",
    cause:
      "The response to a create was lost, and the name is the program's own, so it does not show who created the container.",
    remedy:
      "Delete the containers that are not in use, and run the same command again. Without `name` in the program a container is recognized by its auto-generated name.",
  },
  OC2123: {
    message: "It is unknown whether the container … was created: …",
    cause: "The response to the create was lost, and the search for the container failed as well.",
    remedy: "Run the same command again. If the container was created, it expires when it has been idle.",
  },
  OC2124: {
    message: "It is unknown whether an earlier request created the container …: …",
    cause: "The response to a create was lost, and the request that was sent next failed.",
    remedy: "Correct the failure that the message names and run the same command again, which removes the container.",
  },
  OC2125: {
    message: "The container … was requested … times and is in no list: …",
    cause: "The response to each of these requests was lost, and none of them is known to have created a container.",
    remedy: "Run the same command again.",
  },
  OC2126: {
    message: "container … was created in addition to …, because a response was lost, and could not be deleted: …",
    cause: "A warning: a lost create was sent again, and both requests created a container.",
    remedy: "The next replacement of this resource deletes it, and so does `openai-containers doctor --clear`.",
  },
  OC2127: {
    message:
      "a response to creating … was lost, and … with that name was created since, by this run or by someone else",
    cause: "A warning: the name is the program's own, so it does not show which run created the container.",
    remedy: "Delete the containers that are not in use.",
  },

  // Lists
  OC2128: {
    message: "Cannot list the containers…: there are more than …, expired ones included",
    cause: "Reading more pages would exceed a minute's rate limit.",
    remedy: "Look up the containers of one name, or one id.",
  },
  OC2129: {
    message: "Cannot list the containers beyond the first …: …",
    cause: "The service rejects the cursor of its own page, even after the list was read again from its start.",
    remedy: "Run the same command again, or look up one id.",
  },
  OC2130: {
    message: "the list of containers was read only up to the first …: the API at … sent the same page again",
    cause: "A warning: the service ignores the cursor `after` of a list.",
    remedy: "Use a service that supports pagination, or look up containers by id.",
  },

  // Containers and runs
  OC2131: {
    message: "Container … is gone",
    cause: "The container was deleted after a create had left it incomplete.",
    remedy: "Run the same command again to replace it.",
  },
  OC2132: {
    message: "Container … belongs to project …, but the API key of this run belongs to project …",
    cause: "The run uses an API key of another project, in which the container does not exist.",
    remedy: "Use a key of the container's project. If that project was deleted, run `pulumi state delete URN`.",
  },
  OC2133: {
    message: "The request was cancelled: Pulumi is shutting down",
    cause: "The run was interrupted while the request waited for its turn or for a retry.",
    remedy: "Run the same command again.",
  },

  // Settings that are sent as headers
  OC2134: {
    message: "… holds …, which no request to the API can carry",
    cause:
      "The API key, the organization or the project has a line break, a control character or a character outside ASCII in it: it was read from a file of several lines, or copied from formatted text. The value is not quoted.",
    remedy: "Set the setting that the message names again, as one line of plain ASCII text.",
  },
  OC2135: {
    message: "OPENAI_CUSTOM_HEADERS holds a header that cannot be sent",
    cause:
      "The official client adds the headers of this variable to each request, and one has a name or a value that HTTP does not allow. The header is not quoted, as it may be a key.",
    remedy: "Write one header a line, `NAME: VALUE`, in plain ASCII text.",
  },

  // Files and skills of the account, which the Docker backend fetches
  OC2136: {
    message: "There is no API key, and … must be fetched from the API",
    cause: "The Docker backend copies files and skills of the account into a sandbox, and no setting has an API key.",
    remedy: "Set OPENAI_API_KEY, or run `pulumi config set --secret openai-containers:apiKey`.",
  },
  OC2137: {
    message: "The account has no …",
    cause: "A file, a skill or its version does not exist in the project of the API key (HTTP 404).",
    remedy: "Correct the id, or use a key of the project that has it.",
  },
  OC2138: {
    message: "The key from … may not read …",
    cause: "The API key may not read this file or skill (HTTP 403).",
    remedy: "Give the key permission to read it, or use another key.",
  },
  OC2139: {
    message: "The API does not allow downloading …",
    cause:
      "The API refuses to send the content (HTTP 400): users report that of files with the purposes user_data and assistants. A hosted container gets them, as nothing is downloaded for it.",
    remedy:
      "Correct the id. For a file that cannot be downloaded: put the data into an inline skill, or use the hosted backend.",
  },
  OC2140: {
    message: "The zip of … is larger than the API's limit of 50 MB",
    cause: "The service sent a skill that is larger than one can be.",
    remedy: "Upload a smaller one.",
  },
  OC2141: {
    message: "The API announced … bytes of …, and sent …",
    cause: "The content of a file is shorter or longer than its entry says: the response is incomplete, or changed.",
    remedy: "Run the same command again, or upload the file again.",
  },
  OC2142: {
    message: "The download of … broke off after … of … bytes: …",
    cause: "The connection broke, or no data came for a minute.",
    remedy: "Run the same command again.",
  },
  OC2143: {
    message: "The API did not find a file or a skill of the container",
    cause:
      "An id of `fileIds` or `skills` does not exist in the project of the API key (HTTP 404). The API's words follow.",
    remedy: "Correct the id, or use a key of the project that has it.",
  },
  OC2144: {
    message: "The API's description of … is invalid: …",
    cause: "A field that the API always sends of a file or a skill is missing or has another type.",
    remedy: "Upload the file or skill again, or report this to the operator of the API.",
  },
} as const satisfies CodeEntries;
