import { killsOn } from "../support/kills";

killsOn("docker");
