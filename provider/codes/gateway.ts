import type { CodeEntries } from "./code-entry";

/** OC60xx: responses and log lines of the egress gateway of a sandbox on Docker. provider/egress/checks/reasons.ts has the same. */
export const gatewayCodes = {
  // Denied by the network policy
  OC6001: {
    message: "… is not on the allow list (allowed: …)",
    cause: "Code in the sandbox asked for a domain that networkPolicy.allowedDomains does not contain.",
    remedy: "Add this exact name to networkPolicy.allowedDomains if the sandbox needs it; subdomains are not included.",
  },
  OC6002: {
    message: "port … of … is not allowed",
    cause: "An allow list opens port 443 with TLS and port 80 without it, and no other port.",
    remedy: "Use https:// or http:// with its default port.",
  },
  OC6003: {
    message: "the TLS handshake has no server name (SNI)",
    cause: "The client connected by an IP address, or does not send SNI, so the domain is unknown.",
    remedy: "Connect by domain name, with a client that sends SNI.",
  },
  OC6004: {
    message: "SNI mismatch: … in a tunnel to …",
    cause: "CONNECT names one domain and the TLS handshake inside the tunnel another (domain fronting).",
    remedy: "Use the same domain for both.",
  },
  OC6005: {
    message: "the Host header does not match …",
    cause: "The Host header names another domain than the connection (domain fronting).",
    remedy: "Send the domain of the URL as Host, or leave it to the client.",
  },
  OC6006: {
    message: "an upgrade to a protocol other than WebSocket is not allowed",
    cause: "After an upgrade, such as to h2c, requests could not be checked.",
    remedy: "Use HTTP/1.1 without an upgrade; over TLS the client negotiates HTTP/1.1 itself.",
  },
  OC6007: {
    message: "the method TRACE is not allowed",
    cause: "A response to TRACE repeats the request's headers, with the injected secrets.",
    remedy: "Use another method.",
  },
  OC6008: {
    message: "CONNECT is not allowed inside a tunnel or a connection to a server",
    cause: "The client opens a tunnel inside another one.",
    remedy: "Configure a single proxy: the one of HTTPS_PROXY in the sandbox's environment.",
  },
  OC6009: {
    message: "the class of the DNS query is not IN",
    cause: "The gateway answers standard DNS queries of class IN only. Other operations and classes are denied.",
    remedy: "Query A records of allowed domains.",
  },

  // Bad requests
  OC6010: {
    message: "the request is not valid HTTP/1.1 (…)",
    cause: "The client sends another protocol, or HTTP that Node's strict parser rejects.",
    remedy: "Use an HTTP/1.1 client; other protocols do not pass an allow list.",
  },
  OC6011: {
    message: "the length of the request's body is ambiguous: …",
    cause: "Servers could read the end of the body at different places (request smuggling).",
    remedy: "Send one Content-Length, or Transfer-Encoding: chunked over HTTP/1.1.",
  },
  OC6012: {
    message: "the request has an invalid header: …",
    cause: "Servers or proxies could read the header differently, or remove another one because of it.",
    remedy: "Correct or remove the header that the message names.",
  },
  OC6013: {
    message: "the request has … Host headers instead of one",
    cause: "Host is missing or repeated, so the domain is ambiguous.",
    remedy: "Send exactly one Host header.",
  },
  OC6014: {
    message: "the request target is invalid: …",
    cause: "The first line of the request has no path, or no http:// URL where a proxy is expected.",
    remedy: "Use https_proxy and http_proxy from the sandbox's environment, and encode the URL's special characters.",
  },
  OC6015: {
    message: "HTTP/… is not supported, only HTTP/1.1 and HTTP/1.0",
    cause: "The client sends another version of HTTP.",
    remedy: "Configure the client for HTTP/1.1.",
  },
  OC6016: {
    message: "the request's expectation is not supported",
    cause: "The Expect header has another value than 100-continue.",
    remedy: "Remove the Expect header.",
  },
  OC6017: {
    message: "the request head is larger than 32 KiB",
    cause: "The request has more than 32 KiB or more than 128 header fields.",
    remedy: "Send fewer or shorter headers and cookies.",
  },
  OC6018: {
    message: "the request head did not arrive in time",
    cause: "The client took longer than 30 seconds to send a request's headers.",
    remedy: "Check the client: it may have stopped in the middle of a request.",
  },
  OC6019: {
    message: "the TLS handshake failed (…)",
    cause: "The client does not speak TLS on port 443, or no version from 1.2 on.",
    remedy: "Use TLS 1.2 or newer on port 443; SSH and other protocols do not pass an allow list.",
  },
  OC6020: {
    message: "the client does not offer HTTP/1.1 (ALPN), which is the only protocol here",
    cause: "The client insists on HTTP/2 or another protocol.",
    remedy: "Allow HTTP/1.1 in the client.",
  },
  OC6021: {
    message: "the client does not trust the sandbox's CA certificate (…)",
    cause: "The client uses a certificate store of its own instead of the sandbox's, or pins the server's certificate.",
    remedy: "Point the client at the CA file in SSL_CERT_FILE of the sandbox's environment, and disable pinning.",
  },
  OC6022: {
    message: "the WebSocket handshake is invalid: …",
    cause: "The handshake does not follow RFC 6455.",
    remedy: "Use a WebSocket client that follows RFC 6455.",
  },
  OC6023: {
    message: "the WebSocket's version is not 13",
    cause: "The client uses a draft of the WebSocket protocol.",
    remedy: "Use a WebSocket client that follows RFC 6455.",
  },
  OC6024: {
    message: "the request changes the protocol while a response is under way",
    cause: "The client sent CONNECT or an upgrade before the response to its previous request.",
    remedy: "Use a new connection for a tunnel or a WebSocket.",
  },
  OC6025: {
    message: "the secret … has a control character, which a header cannot carry",
    cause: "The secret's value holds a control character, and the request puts it into a header as it is.",
    remedy:
      "Remove the character from the secret's value, such as a line end at its end, or use it in Basic credentials.",
  },
  OC6026: {
    message: "the request head is too large once its secrets are injected",
    cause: "The request repeats placeholders of long secrets.",
    remedy: "Use each placeholder once.",
  },
  OC6027: {
    message: "the DNS query is malformed",
    cause: "The message is not a DNS query with one question.",
    remedy: "Use the resolver of the sandbox's system.",
  },
  OC6028: {
    message: "broken off: invalid WebSocket frame (…)",
    cause: "The client or the upstream sent other bytes than WebSocket frames on a WebSocket.",
    remedy: "Use a WebSocket client and server that follow RFC 6455; other protocols do not pass an allow list.",
  },

  // Unavailable
  OC6029: {
    message: "it has no policy yet",
    cause: "The gateway was restarted, and lost its policy with its memory.",
    remedy: "Run `pulumi up`, which restarts the egress gateway with its policy.",
  },
  OC6030: {
    message: "too many or too large requests at a time",
    cause: "The sandbox has more requests under way than the gateway has memory for.",
    remedy: "Send fewer requests at a time.",
  },
  OC6031: {
    message: "more than … tunnels are open",
    cause: "The sandbox keeps too many tunnels and WebSockets open.",
    remedy: "Close unused connections, or limit the client's connection pool.",
  },
  OC6032: {
    message: "more than … connections are open",
    cause: "The sandbox keeps too many connections open.",
    remedy: "Close unused connections, or limit the client's connection pool.",
  },

  // Upstream errors
  OC6033: {
    message: "… cannot be resolved (…)",
    cause: "The domain does not exist or has no IPv4 address, or the engine's DNS server is unreachable.",
    remedy: "Check the domain's spelling and the DNS servers of the Docker engine.",
  },
  OC6034: {
    message: "… resolves to no address that may be dialled",
    cause: "The domain has private or reserved addresses only, which an allow list does not open (DNS rebinding).",
    remedy: "If this domain is meant to be internal, add the network's range to `docker.egress.privateRanges`.",
  },
  OC6035: {
    message: "… timed out",
    cause: "The upstream accepts no connection, or sends no byte for ten minutes.",
    remedy: "Check that the upstream is reachable from the Docker engine's host.",
  },
  OC6036: {
    message: "… refused the connection",
    cause: "The upstream does not listen on this port.",
    remedy: "Check that the upstream is running, and the scheme of the URL.",
  },
  OC6037: {
    message: "the certificate of … is not trusted (…)",
    cause: "The upstream's certificate is expired, for another name, or signed by an unknown CA.",
    remedy: "Correct the certificate, or add its CA to the additional CA certificates.",
  },
  OC6038: {
    message: "the connection to … failed (…)",
    cause: "The upstream or the network closed the connection before a response.",
    remedy: "Repeat the request, and check that the upstream is reachable from the Docker engine's host.",
  },
  OC6039: {
    message: "… sent an invalid response: …",
    cause: "The upstream's response is not HTTP/1.1, or could be read in two ways.",
    remedy: "Correct the upstream.",
  },
  OC6040: {
    message: "… sent a Content-Encoding that cannot be searched for secrets",
    cause: "The upstream compressed a response although none was requested, in another encoding than gzip.",
    remedy: "Configure the upstream to honour Accept-Encoding: identity.",
  },
  OC6041: {
    message: "…, which has secrets, sent a partial response that was not requested",
    cause: "A secret could be split between partial responses, so they are neither requested nor accepted.",
    remedy: "Configure the upstream to send whole responses.",
  },
  OC6042: {
    message: "… sent 101 without accepting the WebSocket handshake",
    cause: "The upstream's response does not belong to the client's handshake.",
    remedy: "Correct the upstream.",
  },
  OC6043: {
    message: "broken off: the compressed response contains a secret",
    cause: "The upstream echoed a secret in a compressed response, in which it cannot be masked.",
    remedy: "Configure the upstream to honour Accept-Encoding: identity, so that the secret is masked instead.",
  },
  OC6044: {
    message: "broken off: the compressed response cannot be searched for secrets: …",
    cause: "The upstream's gzip is invalid, or decompresses to a multiple of its size.",
    remedy: "Configure the upstream to honour Accept-Encoding: identity.",
  },

  OC6045: {
    message: "the connection was closed before the response was complete",
    cause: "The client left, or the upstream broke its response off.",
    remedy: "Repeat the request.",
  },
  OC6046: {
    message: "a placeholder was not replaced: …",
    cause: "Secrets are injected over TLS, for their own domain, into headers for credentials.",
    remedy:
      "Send the placeholder over https in Authorization, Cookie or a header that ends in key, token, secret or auth.",
  },
} as const satisfies CodeEntries;
