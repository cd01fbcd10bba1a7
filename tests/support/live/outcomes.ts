/** How a connection ends that does not come about. */
export const unreachable = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EINVAL|no response)$/;
