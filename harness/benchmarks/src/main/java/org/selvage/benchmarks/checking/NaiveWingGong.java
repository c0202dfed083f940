package org.selvage.benchmarks.checking;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.selvage.checker.history.History;
import org.selvage.checker.history.Intervals;
import org.selvage.checker.history.Outcome;
import org.selvage.checker.specification.Specification;

/**
 * Wing and Gong's search with Lowe's memory of configurations, as it is usually written, for
 * instance in Elasticsearch: a linked list of calls and returns, and a set of pairs of a bit set
 * over all operations and a state. The baseline of the comparison.
 */
final class NaiveWingGong<S> {
    private final Specification<S> specification;
    private final Intervals intervals;
    private final Entry head = new Entry(-1, false);

    private static final class Entry {
        private final int operation;
        private final boolean call;
        private @Nullable Entry match;
        private @Nullable Entry previous;
        private @Nullable Entry next;

        Entry(int operation, boolean call) {
            this.operation = operation;
            this.call = call;
        }

        /** Takes the call and its return out of the list. */
        void lift() {
            unlink(this);
            if (match != null) {
                unlink(match);
            }
        }

        void unlift() {
            if (match != null) {
                relink(match);
            }
            relink(this);
        }

        private static void unlink(Entry entry) {
            if (entry.previous != null) {
                entry.previous.next = entry.next;
            }
            if (entry.next != null) {
                entry.next.previous = entry.previous;
            }
        }

        private static void relink(Entry entry) {
            if (entry.previous != null) {
                entry.previous.next = entry;
            }
            if (entry.next != null) {
                entry.next.previous = entry;
            }
        }
    }

    private record Configuration(BitSet linearized, Object state) {}

    private record Taken<S>(Entry call, S before, @Nullable Taken<S> below) {}

    NaiveWingGong(Specification<S> specification, History history) {
        this.specification = specification;
        this.intervals = Intervals.of(history);
        Entry[] calls = new Entry[history.size()];
        Entry[] returns = new Entry[history.size()];
        for (int i = 0; i < intervals.count(); i++) {
            if (intervals.outcome(i) == Outcome.OK) {
                Entry call = new Entry(i, true);
                Entry end = new Entry(i, false);
                call.match = end;
                calls[intervals.invokedAt(i)] = call;
                returns[intervals.endedAt(i)] = end;
            }
        }
        Entry last = head;
        for (int event = 0; event < history.size(); event++) {
            Entry entry = calls[event] == null ? returns[event] : calls[event];
            if (entry != null) {
                last.next = entry;
                entry.previous = last;
                last = entry;
            }
        }
    }

    /** Whether the history, all of whose operations returned, is linearizable. */
    boolean isLinearizable() {
        S state = specification.initial();
        BitSet linearized = new BitSet();
        Set<Configuration> seen = new HashSet<>();
        Taken<S> taken = null;
        Entry entry = head.next;
        while (head.next != null) {
            if (entry != null && entry.call) {
                S after = specification.step(state, intervals.operation(entry.operation));
                boolean fresh = false;
                if (after != null) {
                    linearized.set(entry.operation);
                    fresh = seen.add(new Configuration((BitSet) linearized.clone(), after));
                    linearized.clear(entry.operation);
                }
                if (fresh && after != null) {
                    taken = new Taken<>(entry, state, taken);
                    linearized.set(entry.operation);
                    state = after;
                    entry.lift();
                    entry = head.next;
                } else {
                    entry = entry.next;
                }
            } else {
                if (taken == null) {
                    return false;
                }
                state = taken.before;
                linearized.clear(taken.call.operation);
                taken.call.unlift();
                entry = taken.call.next;
                taken = taken.below;
            }
        }
        return true;
    }
}
