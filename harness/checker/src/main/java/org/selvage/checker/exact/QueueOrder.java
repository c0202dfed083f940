package org.selvage.checker.exact;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Queues in which each value is enqueued at most once (Henzinger, Sezgin, Vafeiadis 2013: four
 * kinds of violation are all there are).
 *
 * <p>A dequeue that found nothing needs a moment at which no value is certainly inside; any such
 * moment will do, and it parts the values into those that pass before and after. Within a part the
 * values need one order that agrees with the order of the enqueues and with that of the dequeues:
 * it is built by taking, again and again, a value whose enqueue and dequeue are both called before
 * any other remaining one has ended.
 */
final class QueueOrder {
    private final Transfers transfers;
    private int[] points = new int[0];

    private QueueOrder(Transfers transfers) {
        this.transfers = transfers;
    }

    static ExactResult decide(ExactInput input) {
        Transfers transfers = Transfers.of(input, "enqueue");
        if (transfers == null) {
            return ExactResult.notApplicable();
        }
        if (transfers.suspects().length > 0) {
            return ExactResult.notLinearizable(transfers.suspects());
        }
        return new QueueOrder(transfers).decide();
    }

    private ExactResult decide() {
        Order order = new Order(transfers.input.count);
        long[] chosen = new long[transfers.empties.length];
        if (chosen.length > 0) {
            int[] free = transfers.nextFree();
            for (int i = 0; i < chosen.length; i++) {
                int operation = transfers.empties[i];
                int cell = free[transfers.input.call[operation]];
                if (cell >= transfers.input.end[operation]) {
                    return transfers.none(new int[0]);
                }
                chosen[i] = (long) cell << 32 | operation;
            }
            Arrays.sort(chosen);
        }
        points = Arrays.stream(chosen).mapToInt(key -> (int) (key >> 32)).toArray();
        int[] segmentOf = segments();
        int[][] lists = {
            sorted(transfers.putCall, segmentOf),
            sorted(transfers.putEnd, segmentOf),
            sorted(transfers.takeCall, segmentOf),
            sorted(transfers.takeEnd, segmentOf)
        };
        int from = 0;
        for (int segment = 0; segment <= points.length; segment++) {
            int to = from;
            while (to < transfers.count && segmentOf[lists[0][to]] == segment) {
                to++;
            }
            long start = 0;
            if (segment > 0) {
                start = 2L * points[segment - 1] + 1;
                order.add(start, transfers.source((int) chosen[segment - 1]));
            }
            if (!fill(lists, from, to, start, order)) {
                return transfers.none(new int[0]);
            }
            from = to;
        }
        return ExactResult.linearizable(order.sorted());
    }

    /** A value passes after every chosen moment at which it cannot have been dequeued. */
    private int[] segments() {
        int[] segmentOf = new int[transfers.count];
        for (int v = 0; v < transfers.count; v++) {
            int low = 0;
            int high = points.length;
            while (low < high) {
                int middle = (low + high) >>> 1;
                if (points[middle] < transfers.takeCall[v]) {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            segmentOf[v] = low;
        }
        return segmentOf;
    }

    /** The values by segment, and within a segment by place. */
    private int[] sorted(int[] place, int[] segmentOf) {
        int[] byPlace = counted(place, transfers.horizon + 1, null);
        return points.length == 0 ? byPlace : counted(segmentOf, points.length, byPlace);
    }

    private int[] counted(int[] key, int largest, int @Nullable [] input) {
        int[] first = new int[largest + 2];
        for (int v = 0; v < transfers.count; v++) {
            first[key[v] + 1]++;
        }
        for (int k = 0; k <= largest; k++) {
            first[k + 1] += first[k];
        }
        int[] order = new int[transfers.count];
        for (int i = 0; i < transfers.count; i++) {
            int v = input == null ? i : input[i];
            order[first[key[v]]++] = v;
        }
        return order;
    }

    private boolean fill(int[][] lists, int from, int to, long start, Order order) {
        int[] ready = new int[to - from];
        byte[] conditions = new byte[to - from];
        int[] position = new int[0];
        if (to > from) {
            position = positions(lists[0], from, to);
        }
        int readySize = 0;
        int putCalls = from;
        int putEnds = from;
        int takeCalls = from;
        int takeEnds = from;
        long enqueued = start;
        long dequeued = start;
        for (int placed = from; placed < to; placed++) {
            while (conditions[position[lists[1][putEnds]]] == 3) {
                putEnds++;
            }
            while (conditions[position[lists[3][takeEnds]]] == 3) {
                takeEnds++;
            }
            int firstPutEnd = transfers.putEnd[lists[1][putEnds]];
            int firstTakeEnd = transfers.takeEnd[lists[3][takeEnds]];
            while (putCalls < to && transfers.putCall[lists[0][putCalls]] <= firstPutEnd) {
                int v = lists[0][putCalls++];
                if (++conditions[position[v]] == 2) {
                    ready[readySize++] = v;
                }
            }
            while (takeCalls < to && transfers.takeCall[lists[2][takeCalls]] <= firstTakeEnd) {
                int v = lists[2][takeCalls++];
                if (++conditions[position[v]] == 2) {
                    ready[readySize++] = v;
                }
            }
            if (readySize == 0) {
                return false;
            }
            int v = ready[--readySize];
            conditions[position[v]] = 3;
            enqueued = Math.max(enqueued, 2L * transfers.putCall[v]);
            order.add(enqueued, transfers.source(transfers.put[v]));
            if (transfers.take[v] >= 0) {
                dequeued = Math.max(Math.max(dequeued, enqueued), 2L * transfers.takeCall[v]);
                order.add(dequeued, transfers.source(transfers.take[v]));
            }
        }
        return true;
    }

    private int[] positionOf = new int[0];

    private int[] positions(int[] list, int from, int to) {
        if (positionOf.length == 0) {
            positionOf = new int[transfers.count];
        }
        for (int i = from; i < to; i++) {
            positionOf[list[i]] = i - from;
        }
        return positionOf;
    }
}
