package org.selvage.checker;

import java.util.List;
import org.selvage.checker.history.History;

/**
 * Why a history is not valid. The verdict does not depend on it: where the budget ends before it is
 * complete, it says less.
 *
 * @param firstBadEvent the event that ends the shortest prefix that is not valid, counted from 0;
 *     when {@code complete} is false, one that ends some prefix that is not valid
 * @param core the smallest part found that is still not valid: without any one of its operations it
 *     is valid
 * @param context the core again with the operations that its values came from, which reads better:
 *     operations are left out of it only together with all others that mention the same value
 * @param legalPrefix the longest legal order found of operations of the context
 * @param stateAfter the state after it, in the specification's words
 * @param impossible why none of the operations open there can come next
 * @param complete false when the budget ended before the core and the context were minimal
 */
public record Explanation(
        int firstBadEvent,
        SubHistory core,
        SubHistory context,
        List<Integer> legalPrefix,
        String stateAfter,
        List<Impossible> impossible,
        boolean complete) {

    /**
     * A part of a history.
     *
     * @param history its events
     * @param operations the numbers of its operations in the whole history, in the order of their
     *     calls
     */
    public record SubHistory(History history, List<Integer> operations) {}

    /**
     * An operation that cannot come next.
     *
     * @param operation its number in the whole history
     * @param why what stands against it
     */
    public record Impossible(int operation, String why) {}
}
