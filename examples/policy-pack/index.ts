import { PolicyPack } from "@pulumi/policy";
import { egressPolicy, memoryPolicy } from "./policies";

// pulumi preview --policy-pack FOLDER --policy-pack-config FILE, of which docs/ci-report.md shows an example.
new PolicyPack("openai-containers", { policies: [egressPolicy, memoryPolicy] });
