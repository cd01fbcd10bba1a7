/**
 * The members of a set in an order that shows as few changes as can be: Pulumi compares lists by position. Each member
 * that is recorded keeps its position; what is new, in the order that it is written in, takes the positions of what is
 * gone, and then so do the last of those that stay, where the list has become shorter.
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
  const isNew = -1;
  const placeOf = (member: T) => places.get(identity(member)) ?? isNew;
  const kept = new Map(members.map((member) => [placeOf(member), member]));
  const others = members.filter((member) => placeOf(member) === isNew || placeOf(member) >= members.length);
  others.sort((a, b) => placeOf(a) - placeOf(b));
  return members.map((_, place) => kept.get(place) ?? others.shift()).filter((member) => member !== undefined);
}
