package org.selvage.search;

import java.util.List;
import java.util.Map;
import org.selvage.hooks.OperationKind;
import org.selvage.scheduler.Verdict;

/**
 * One execution, operation by operation.
 *
 * @param steps the operations in the order in which they took effect
 * @param tasks the names of the tasks, by number
 * @param verdict how it ended
 * @param stacks the stacks at the end of the tasks that were still alive, by name, innermost frame
 *     first
 * @param calls for each step the stack that issued it, innermost frame first, where that was
 *     written down; an empty list if it was for none
 * @param digest a hash over all operations: equal executions have equal digests
 */
public record Trace(
        List<Step> steps,
        List<String> tasks,
        Verdict verdict,
        Map<String, List<StackTraceElement>> stacks,
        List<List<StackTraceElement>> calls,
        long digest) {

    /** The stack that issued the step of a number, or an empty list if it is not known. */
    public List<StackTraceElement> callsOf(int number) {
        return number < 1 || number > calls.size() ? List.of() : calls.get(number - 1);
    }

    /**
     * One operation.
     *
     * @param number from 1
     * @param task the number of the task
     * @param kind what it does
     * @param target the field or method it names, or an empty string
     * @param object the object it touches as {@code Class#k}, numbered by first appearance, or an
     *     empty string
     * @param place where it was issued, {@code Class.method:line}
     * @param operation how many operations the task had announced
     * @param virtualNanos virtual time
     * @param className binary name of the class that issued it, or an empty string
     * @param value what was read; what was written; or, for an update, what was there, {@code ->},
     *     and what is there now. An empty string if it is not known
     */
    public record Step(
            int number,
            int task,
            OperationKind kind,
            String target,
            String object,
            String place,
            int operation,
            long virtualNanos,
            String className,
            String value) {
        /** An operation of which neither the class nor the value is known. */
        public Step(
                int number,
                int task,
                OperationKind kind,
                String target,
                String object,
                String place,
                int operation,
                long virtualNanos) {
            this(number, task, kind, target, object, place, operation, virtualNanos, "", "");
        }

        /** The same operation with another value. */
        Step withValue(String other) {
            return new Step(
                    number,
                    task,
                    kind,
                    target,
                    object,
                    place,
                    operation,
                    virtualNanos,
                    className,
                    other);
        }

        /** How the value of an operation that changes a variable is shown. */
        static String change(OperationKind kind, String before, String after) {
            return kind != OperationKind.UPDATE || before.isEmpty()
                    ? after
                    : before + " -> " + after;
        }

        /** The line in the source, or 0. */
        public int line() {
            int colon = place.lastIndexOf(':');
            String digits = place.substring(colon + 1);
            return colon > 0 && digits.matches("[0-9]{1,9}") ? Integer.parseInt(digits) : 0;
        }

        /** The operation in words. */
        public String describe() {
            String what = Operations.target(kind, target);
            if (what.endsWith("[]") && object.endsWith("]")) {
                // The element: the object is the array with the index behind it.
                what =
                        what.substring(0, what.length() - 2)
                                + object.substring(object.lastIndexOf('['));
            }
            String verb = Operations.verb(kind);
            return verb + (what.isEmpty() ? "" : " " + what);
        }
    }
}
