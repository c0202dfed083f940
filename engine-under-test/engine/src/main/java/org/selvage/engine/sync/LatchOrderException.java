package org.selvage.engine.sync;

import org.selvage.engine.EngineException;

/** A thread asked for a latch that comes before one it holds; a deadlock waits to happen. */
public final class LatchOrderException extends EngineException {
    private static final long serialVersionUID = 1L;

    private final LatchLevel asked;
    private final LatchLevel held;

    LatchOrderException(LatchLevel asked, Object latch, LatchLevel held, Object other) {
        super(
                "Latches are taken out of order: asked="
                        + describe(asked, latch)
                        + " held="
                        + describe(held, other)
                        + " thread="
                        + Thread.currentThread().getName()
                        + ". This is a defect of the engine: compare with LATCHES.md.");
        this.asked = asked;
        this.held = held;
    }

    private static String describe(LatchLevel level, Object latch) {
        return level + " (row " + level.row() + ", " + latch + ")";
    }

    /** Level of the latch that was asked for. */
    public LatchLevel asked() {
        return asked;
    }

    /** Level of the latch that the thread held. */
    public LatchLevel held() {
        return held;
    }
}
