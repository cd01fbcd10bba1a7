import { killsOn } from "../support/kills";

killsOn("hosted");
