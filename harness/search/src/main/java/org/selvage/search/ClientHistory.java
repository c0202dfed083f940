package org.selvage.search;

import java.util.List;

/**
 * What the clients of a scenario called and got back, and why no order of their calls explains it,
 * in words: what a report shows of a history that is not linearizable.
 *
 * @param calls in the order of their invocations
 * @param state the state of the sequential object after the longest legal order of calls
 * @param impossible why none of the calls that are left can come next
 * @param violation which functions with which responses contradict each other, without keys and
 *     values: histories of one defect say the same here
 */
public record ClientHistory(
        List<Call> calls, String state, List<String> impossible, String violation) {

    /** A failure that carries the history which shows it. */
    @FunctionalInterface
    public interface Bearer {
        /** The history. */
        ClientHistory clientHistory();
    }

    /**
     * A call of a client.
     *
     * @param process the client's number, from 0
     * @param words the operation, and what it returned
     * @param invoked the number of the event at which it was called, from 0
     * @param ended the number of the event at which it returned; -1 if it did not
     * @param position its place in the longest legal order, from 1; 0 if it is not in it
     * @param impossible whether it is one of those that cannot come next
     */
    public record Call(
            int process, String words, int invoked, int ended, int position, boolean impossible) {}
}
