package org.selvage.checker.exact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets whose operations answer with a boolean, value by value: each value is in or out, a
 * successful add puts it in, a successful remove takes it out, and all other operations observe it.
 *
 * <p>Successful adds of one value are interchangeable, so of those that are open the one that ends
 * first can be taken to come next; the same holds for removes. What is known of the past at an end
 * is then: in or out, which of the open adds and removes have taken effect, and when the value was
 * last the other way (later is better). That is a handful of configurations however long the
 * history; values may be added any number of times. Not applicable when more than 64 operations on
 * one value are open at once.
 */
final class SetToggles {
    private final ExactInput input;
    private final ValueTable values;
    private final int[] valueOf;

    private SetToggles(ExactInput input) {
        this.input = input;
        this.values = new ValueTable(1024);
        this.valueOf = new int[input.count];
    }

    static ExactResult decide(ExactInput input) {
        return new SetToggles(input).decide();
    }

    /** What an operation does to its value. */
    private enum Role {
        ADD,
        REMOVE,
        SEE_IN,
        SEE_OUT,
        NONE
    }

    private ExactResult decide() {
        Role[] roles = new Role[input.count];
        for (int i = 0; i < input.count; i++) {
            Object value =
                    input.argument(i) instanceof List<?> list && !list.isEmpty()
                            ? list.get(0)
                            : input.argument(i);
            Role role = role(i);
            if (value == null || role == null) {
                return ExactResult.notApplicable();
            }
            roles[i] = role;
            valueOf[i] = values.of(0, value);
        }
        Element[] elements = new Element[values.size()];
        Arrays.setAll(elements, number -> new Element(roles));
        int[] byEnd = input.byEnd();
        int called = 0;
        for (int ending : byEnd) {
            while (called < input.count && input.call[called] < input.end[ending]) {
                Element element = elements[valueOf[called]];
                if (changes(roles[called]) && !element.open(called)) {
                    return ExactResult.notApplicable();
                }
                called++;
            }
            if (!end(elements[valueOf[ending]], roles, ending)) {
                return suspects(valueOf[ending], input.end[ending]);
            }
        }
        return linearization(elements, roles);
    }

    private @Nullable Role role(int i) {
        boolean pending = input.pending(i);
        Object response = input.response(i);
        if (!pending && !(response instanceof Boolean)) {
            return null;
        }
        boolean yes = pending || Boolean.TRUE.equals(response);
        return switch (input.function(i)) {
            case "add" -> yes ? Role.ADD : Role.SEE_IN;
            case "remove" -> yes ? Role.REMOVE : Role.SEE_OUT;
            case "contains" -> pending ? Role.NONE : yes ? Role.SEE_IN : Role.SEE_OUT;
            default -> null;
        };
    }

    private ExactResult suspects(int value, int end) {
        int[] suspects = new int[input.count];
        int size = 0;
        for (int i = 0; i < input.count; i++) {
            if (valueOf[i] == value && input.call[i] < end) {
                suspects[size++] = input.source[i];
            }
        }
        return ExactResult.notLinearizable(Arrays.copyOf(suspects, size));
    }

    /**
     * Gives each change to the open operation that ends first, and each observation the first
     * moment at which it is right.
     */
    private ExactResult linearization(Element[] elements, Role[] roles) {
        int[] first = new int[elements.length + 1];
        for (int i = 0; i < input.count; i++) {
            first[valueOf[i] + 1]++;
        }
        for (int value = 0; value < elements.length; value++) {
            first[value + 1] += first[value];
        }
        int[] next = first.clone();
        int[] members = new int[input.count];
        for (int i = 0; i < input.count; i++) {
            members[next[valueOf[i]]++] = i;
        }
        Order order = new Order(input.count);
        for (int value = 0; value < elements.length; value++) {
            place(members, first[value], first[value + 1], elements[value].changes(), roles, order);
        }
        return ExactResult.linearizable(order.sorted());
    }

    private void place(
            int[] members, int from, int to, Change[] changes, Role[] roles, Order order) {
        int count = changes.length;
        int[] sightings = new int[count + 2];
        int[] momentOf = new int[to - from];
        int moment = 0;
        for (int m = from; m < to; m++) {
            int operation = members[m];
            momentOf[m - from] = -1;
            if (roles[operation] == Role.SEE_IN || roles[operation] == Role.SEE_OUT) {
                while (moment < count && changes[moment].place < input.call[operation]) {
                    moment++;
                }
                boolean in = roles[operation] == Role.SEE_IN;
                momentOf[m - from] = (moment % 2 == 1) == in ? moment : moment + 1;
                sightings[momentOf[m - from] + 1]++;
            }
        }
        for (int i = 0; i <= count; i++) {
            sightings[i + 1] += sightings[i];
        }
        int[] next = sightings.clone();
        int[] seen = new int[sightings[count + 1]];
        for (int m = from; m < to; m++) {
            if (momentOf[m - from] >= 0) {
                seen[next[momentOf[m - from]]++] = members[m];
            }
        }
        for (int i = 0; i <= count; i++) {
            long time = i == 0 ? 0 : 2L * changes[i - 1].place;
            if (i > 0) {
                order.add(time, input.source[changes[i - 1].operation]);
            }
            for (int sighting = sightings[i]; sighting < sightings[i + 1]; sighting++) {
                int operation = seen[sighting];
                order.add(Math.max(time, 2L * input.call[operation]), input.source[operation]);
            }
        }
    }

    /** Ends an operation; false when no past of its value explains it. */
    private boolean end(Element element, Role[] roles, int ending) {
        Role role = roles[ending];
        if (role == Role.NONE) {
            return true;
        }
        int call = input.call[ending];
        long bit = changes(role) ? element.bitOf(ending) : 0;
        List<Past> kept = new ArrayList<>(2);
        List<Past> work = new ArrayList<>(2);
        for (Past past : element.pasts) {
            if (past.explains(role, call, bit)) {
                keep(kept, past);
            } else {
                work.add(past);
                if (input.pending(ending)) {
                    keep(kept, past);
                }
            }
        }
        while (!work.isEmpty()) {
            Past past = work.removeLast();
            Role next = past.in ? Role.REMOVE : Role.ADD;
            for (boolean pending : new boolean[] {false, true}) {
                int slot = first(element, next, pending, past.done);
                if (slot < 0) {
                    continue;
                }
                Past changed = past.change(input.end[ending], slot, element.operations[slot]);
                if (changed.explains(role, call, bit)) {
                    keep(kept, changed);
                } else {
                    work.add(changed);
                }
            }
        }
        if (bit != 0) {
            element.open &= ~bit;
            List<Past> closed = new ArrayList<>(2);
            kept.forEach(past -> keep(closed, past.without(bit)));
            kept = closed;
        }
        element.pasts = kept;
        return !kept.isEmpty();
    }

    /**
     * The slot of the open operation with this role that ends first, of those not done; -1 when
     * there is none. Pending operations are a choice of their own: they may be left out, so they do
     * not trade places with those that may not.
     */
    private int first(Element element, Role role, boolean pending, long done) {
        int first = -1;
        for (long rest = element.open & ~done; rest != 0; rest &= rest - 1) {
            int slot = Long.numberOfTrailingZeros(rest);
            int operation = element.operations[slot];
            if (element.roles[operation] == role
                    && input.pending(operation) == pending
                    && (first < 0 || input.end[operation] < input.end[element.operations[first]])) {
                first = slot;
            }
        }
        return first;
    }

    private static void keep(List<Past> kept, Past past) {
        for (int i = 0; i < kept.size(); i++) {
            Past other = kept.get(i);
            if (other.in == past.in && other.done == past.done) {
                if (other.lastOther < past.lastOther) {
                    kept.set(i, past);
                }
                return;
            }
        }
        kept.add(past);
    }

    private static boolean changes(Role role) {
        return role == Role.ADD || role == Role.REMOVE;
    }

    /** The open adds and removes of one value, and all that may be known of its past. */
    private static final class Element {
        private final Role[] roles;
        private long open;
        private int[] operations = new int[2];
        private List<Past> pasts = List.of(new Past(false, 0, -1, null, 0));

        Element(Role[] roles) {
            this.roles = roles;
        }

        boolean open(int operation) {
            int slot = Long.numberOfTrailingZeros(~open);
            if (slot == Long.SIZE) {
                return false;
            }
            if (slot >= operations.length) {
                operations = Arrays.copyOf(operations, slot * 2);
            }
            operations[slot] = operation;
            open |= 1L << slot;
            return true;
        }

        long bitOf(int operation) {
            for (long rest = open; rest != 0; rest &= rest - 1) {
                if (operations[Long.numberOfTrailingZeros(rest)] == operation) {
                    return rest & -rest;
                }
            }
            throw new IllegalStateException(
                    "an operation ends that is not open: operation=" + operation);
        }

        /** The changes of the value, in and out in turns. */
        Change[] changes() {
            Past last = pasts.get(0);
            Change[] changes = new Change[last.length];
            int at = last.length;
            for (Change change = last.changes; change != null; change = change.before) {
                changes[--at] = change;
            }
            return changes;
        }
    }

    /** A change of the value by an operation. */
    private record Change(int place, int operation, @Nullable Change before) {}

    /**
     * One past of a value.
     *
     * @param in whether the set holds it now
     * @param done the slots of the open operations that have taken effect
     * @param lastOther when it was last the other way, -1 for never
     * @param changes what led here
     * @param length how many changes those are
     */
    private record Past(
            boolean in, long done, int lastOther, @Nullable Change changes, int length) {
        boolean explains(Role role, int call, long bit) {
            return switch (role) {
                case ADD, REMOVE -> (done & bit) != 0;
                case SEE_IN -> in || lastOther > call;
                case SEE_OUT -> !in || lastOther > call;
                case NONE -> true;
            };
        }

        Past change(int place, int slot, int operation) {
            return new Past(
                    !in,
                    done | 1L << slot,
                    place,
                    new Change(place, operation, changes),
                    length + 1);
        }

        Past without(long bit) {
            return new Past(in, done & ~bit, lastOther, changes, length);
        }
    }
}
