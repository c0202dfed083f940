package org.selvage.engine.aio;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * A request that is over; its slot is free again.
 *
 * @param message what the submitter passed along
 * @param error why the file operation failed; null when it succeeded
 */
public record AioResult(
        IoType type,
        AioFile file,
        long offset,
        int length,
        Object message,
        @Nullable IOException error) {}
