import type { CodeEntries } from "./code-entry";

/** OC12xx: the skills of a container, as folders and as zips. */
export const skillCodes = {
  OC1201: {
    message: "… cannot be read: …",
    cause: "A skill's folder, or a file in it, does not exist, is no folder, or is not readable for this user.",
    remedy:
      "Correct the path or the permissions. The message has the absolute path: where Pulumi runs the provider in another folder than the program, pass `skillFromFolder` an absolute path.",
  },
  OC1202: {
    message: "… is …. Replace it by a file, or name it in .skillignore",
    cause:
      "A skill's folder has a symbolic link, a socket, a FIFO or a device, or its ignore file is one. A link may lead to something else on each machine, and out of the folder.",
    remedy:
      "Replace it by a file or a folder, or leave it out by a line in `.skillignore`: all but the `SKILL.md` and the ignore file itself.",
  },
  OC1203: {
    message: "there is no SKILL.md directly in the skill's folder",
    cause: "The API accepts skills with exactly one `SKILL.md`, in any letter case, directly in the skill's folder.",
    remedy: "Add the file, or rename or leave out all others.",
  },
  OC1204: {
    message: "… Remove what the skill does not need",
    cause:
      "A skill exceeds the API's limits (a zip of 50 MB, 500 files, 25 MB a file), or this package's: 250 MB in all, 1,000 entries, 200 times the size of its zip.",
    remedy: "Remove files, or leave them out by `.skillignore`.",
  },
  OC1205: {
    message: "the path … is not allowed: …. Rename the file",
    cause:
      "A file's path is absolute, leads out of its folder, is too long, or has characters that are not the same on each system.",
    remedy: "Rename the file. Do not use a zip of unknown origin in which you find such a path.",
  },
  OC1206: {
    message: "…. Rename or remove one of them",
    cause:
      "Two paths of a skill are equal, or equal but for letter case or how accents are written, or one is a file and a folder.",
    remedy: "Rename or remove one of them.",
  },
  OC1207: {
    message: "the zip is broken: …. Create it again",
    cause:
      "The data is no zip, is cut off, does not have the content that its directory describes, or has other data after a file's content.",
    remedy: "Create the zip again, and encode all of its bytes.",
  },
  OC1208: {
    message: "… is …. Create the zip without it",
    cause:
      "A zip has an entry that is a link, a device, or a folder with data, is encrypted, or is compressed by an unknown method.",
    remedy: "Create the zip with files and folders only, without a password.",
  },
  OC1209: {
    message: "the zip has overlapping entries, or data besides its entries",
    cause:
      "Something stands before, between or after the entries of a zip, or entries share their data: programs would differ in what they find in it.",
    remedy: "Create the zip again with another program. Do not use such a zip of unknown origin.",
  },
  OC1210: {
    message: "the zip …",
    cause: "The API accepts zips with exactly one top-level folder.",
    remedy: "Create the zip from the skill's folder: `zip -r report.zip report`.",
  },
  OC1211: {
    message: "SKILL.md: …. Correct it",
    cause:
      "`SKILL.md` has to begin with front matter that has a `name` (up to 64 lower-case letters and digits, with single hyphens between them) and a `description` (up to 1,024 characters).",
    remedy: "Correct the front matter.",
  },
  OC1212: {
    message: "the folder … changed after the program had read it",
    cause:
      "The folder's contents are not those of the recorded SHA-256: it changed while Pulumi ran, or `ignoreChanges` keeps the SHA-256 of earlier contents.",
    remedy: "Run the command again, and do not change the folder while it runs.",
  },
  OC1213: {
    message: "…: no version, or the latest: what the container gets may change, and cannot be known later",
    cause:
      "A skill without a version, or with `latest`, is resolved when the container is created, and the API does not return what it became.",
    remedy: "Set `version` to a number.",
  },
  OC1214: {
    message: "skillFromFolder needs the path of a folder, and got …",
    cause: "The path is undefined, empty or no text.",
    remedy: "Pass the path as text, relative to the folder in which the program runs.",
  },
} as const satisfies CodeEntries;
