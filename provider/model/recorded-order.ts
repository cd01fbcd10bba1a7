/**
 * The members of a set: those that are recorded in the recorded order, new ones after them as they were written. Pulumi
 * compares lists by position, so equal sets must come out as equal lists.
 * @param recorded what state holds in this place, whatever that is
 * @param identity what makes two members the same one
 */
export function inRecordedOrder<T>(
  members: readonly T[],
  recorded: unknown,
  identity: (member: unknown) => unknown = (member) => member,
): T[] {
  const old: unknown[] = Array.isArray(recorded) ? recorded : [];
  const places = new Map(old.map((member, place) => [identity(member), place]));
  const placeOf = (member: T) => places.get(identity(member)) ?? old.length;
  return members.toSorted((a, b) => placeOf(a) - placeOf(b));
}
