package org.selvage.checker;

/** How a history is decided. All methods give the same verdict; they differ in time and memory. */
public enum Method {
    /**
     * An exact near-linear algorithm where the history's values allow one, otherwise both general
     * searches in turns.
     */
    AUTOMATIC,
    /** Both general searches in turns. */
    GENERAL,
    /** Just-in-time linearization alone. */
    JUST_IN_TIME,
    /**
     * Wing, Gong and Lowe's search alone; where more than 64 operations are open at once,
     * just-in-time linearization.
     */
    WING_GONG_LOWE,
    /** Just-in-time linearization with masks of any width. */
    WIDE_JUST_IN_TIME
}
