/** The preview of a stack: on each backend a container expired, another is gone, and the name of a third has the id of the first. */
export const expiryText = `Previewing update (dev):
  pulumi:pulumi:Stack: (same)
    [urn=urn:pulumi:dev::stack::pulumi:pulumi:Stack::stack-dev]
warning: OC2001: container cntr_hosted-short expired 12 minutes ago (terminated after 1 idle minute): up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_hosted-short]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-hosted-short]
        backend      : "openai"
      - createdAt    : 1700000000
        expiresAfter : {
            anchor : "last_active_at"
            minutes: 1
        }
      - location     : "here"
        memoryLimit  : "1g"
      - name         : "stack-hosted-short-01234567"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
warning: OC2002: container cntr_hosted-lost is gone: up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_hosted-lost]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-hosted-lost]
        backend      : "openai"
      - createdAt    : 1700000000
        expiresAfter : {
            anchor : "last_active_at"
            minutes: 20
        }
      - location     : "here"
        memoryLimit  : "1g"
        name         : "stack-hosted-lost"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_hosted-follower]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-hosted-follower]
      ~ name: "stack-hosted-after-cntr_hosted-short" => [unknown]
warning: OC2001: container cntr_docker-short expired N seconds ago (terminated after 1 idle minute): up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_docker-short]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-docker-short]
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
      - name         : "stack-docker-short-01234567"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
warning: OC2002: container cntr_docker-lost is gone: up replaces it with a new, empty container
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_docker-lost]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-docker-lost]
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
        name         : "stack-docker-lost"
        networkPolicy: {
            type: "disabled"
        }
      - object       : "container"
      - status       : "running"
    +-pulumi-nodejs:dynamic/openai-containers:Container: (replace)
        [id=cntr_docker-follower]
        [urn=urn:pulumi:dev::stack::pulumi-nodejs:dynamic/openai-containers:Container::stack-docker-follower]
      ~ name: "stack-docker-after-cntr_docker-short" => [unknown]
Resources:
    +-6 to replace
    1 unchanged
`;
