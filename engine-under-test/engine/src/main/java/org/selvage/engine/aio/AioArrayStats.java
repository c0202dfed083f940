package org.selvage.engine.aio;

/**
 * Figures of one array.
 *
 * @param slots slots in the array
 * @param pending slots reserved now
 * @param submitted requests ever submitted
 * @param completed requests whose file operation is over
 * @param slotWaits times a submitter found every slot taken and waited
 */
public record AioArrayStats(
        int slots, int pending, long submitted, long completed, long slotWaits) {}
