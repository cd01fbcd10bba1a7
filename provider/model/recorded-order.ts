/**
 * The members of a set in the order that shows the fewest changes: Pulumi compares lists by position. A recorded member keeps
 * its position. New members, in the order in which they are written, take the positions of removed ones; and where the list
 * has become shorter, the last recorded members do, too.
 * @param recorded the value in state, which may be anything
 * @param identity what makes two members the same one
 */
export function inRecordedOrder<T>(
  members: readonly T[],
  recorded: unknown,
  identity: (member: unknown) => unknown = (member) => member,
): T[] {
  const old: unknown[] = Array.isArray(recorded) ? recorded : [];
  const places = new Map(old.map((member, place) => [identity(member), place]));
  const isNew = -1;
  const placeOf = (member: T) => places.get(identity(member)) ?? isNew;
  const kept = new Map(members.map((member) => [placeOf(member), member]));
  const others = members.filter((member) => placeOf(member) === isNew || placeOf(member) >= members.length);
  others.sort((a, b) => placeOf(a) - placeOf(b));
  return members.map((_, place) => kept.get(place) ?? others.shift()).filter((member) => member !== undefined);
}
