package org.selvage.scenarios;

import java.util.Arrays;
import org.selvage.engine.ErrorLog;

/**
 * The engine wrote an error line to its log. Thrown where it was written, so that the stack shows
 * who wrote it.
 */
public final class EngineErrorLine extends AssertionError {
    private static final long serialVersionUID = 1L;

    EngineErrorLine(String line) {
        super(line);
        StackTraceElement[] stack = getStackTrace();
        int from = 0;
        while (from < stack.length && !isWriter(stack[from])) {
            from++;
        }
        setStackTrace(Arrays.copyOfRange(stack, from, stack.length));
    }

    /** Whether this frame wrote the line, and does not merely carry it here. */
    private static boolean isWriter(StackTraceElement frame) {
        return frame.getClassName().startsWith("org.selvage.engine.")
                && !frame.getClassName().equals(ErrorLog.class.getName());
    }
}
