/** The preview of a stack: one container expired, one is gone, and the name of a third has the id of the first. */
export const hostedText = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::stack::pulumi:pulumi:Stack::stack-dev]
warning: OC2001: container cntr_short expired 12 minutes ago (terminated after 1 idle minute): up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_short]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-short]
        backend      : "openai"
      - createdAt    : 1700000000
        expiresAfter : {
            anchor : "last_active_at"
            minutes: 1
        }
      - location     : "here"
        memoryLimit  : "1g"
      - name         : "stack-short-01234567"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
warning: OC2002: container cntr_lost is gone: up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_lost]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-lost]
        backend      : "openai"
      - createdAt    : 1700000000
        expiresAfter : {
            anchor : "last_active_at"
            minutes: 20
        }
      - location     : "here"
        memoryLimit  : "1g"
        name         : "stack-lost"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_follower]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-follower]
      ~ name: "stack-after-cntr_short" => [unknown]
Resources:
    +-3 to replace
    1 unchanged
`;

/** The same on Docker. */
export const dockerText = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::stack::pulumi:pulumi:Stack::stack-dev]
warning: OC2001: container cntr_short expired N seconds ago (terminated after 1 idle minute): up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_short]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-short]
        backend      : "docker"
      - createdAt    : 1700000000
        docker       : {
            image: "sandbox"
        }
        expiresAfter : {
            anchor : "last_active_at"
            minutes: 1
        }
      - imageId      : "sha256:…"
      - location     : "here"
        memoryLimit  : "1g"
      - name         : "stack-short-01234567"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
warning: OC2002: container cntr_lost is gone: up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_lost]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-lost]
        backend      : "docker"
      - createdAt    : 1700000000
        docker       : {
            image: "sandbox"
        }
        expiresAfter : {
            anchor : "last_active_at"
            minutes: 525600
        }
      - imageId      : "sha256:…"
      - location     : "here"
        memoryLimit  : "1g"
        name         : "stack-lost"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_follower]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-follower]
      ~ name: "stack-after-cntr_short" => [unknown]
Resources:
    +-3 to replace
    1 unchanged
`;
