import type { Output, ProviderResource, Resource } from "@pulumi/pulumi";

/** The options of a component's image. */
export interface ImageOptions {
  readonly parent: Resource;
  readonly provider: ProviderResource;
}

/** An image on the engine. */
export interface MadeImage {
  /** `sha256:…` */
  readonly imageId: Output<string>;
  /** Of the resource of `@pulumi/docker`. */
  readonly urn: Output<string>;
  /** The name that leads to it. */
  readonly reference: Output<string>;
}
