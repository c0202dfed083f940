package org.selvage.engine;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.selvage.engine.bufferpool.BufferBlock;
import org.selvage.engine.bufferpool.Latch;
import org.selvage.engine.page.PageId;
import org.selvage.engine.redo.MiniTransaction;

/** Damage that a test plants in pages of an open engine. */
public final class Planted {
    private Planted() {}

    /** Changes a page in the buffer pool. */
    public static void change(Engine engine, PageId page, Consumer<ByteBuffer> damage) {
        try (MiniTransaction mtr = engine.pages().begin()) {
            BufferBlock block = mtr.page(page, Latch.X);
            mtr.setDirty(block);
            damage.accept(block.frame());
        }
    }

    /** {@link Engine#validate} names the rule and the evidence. */
    public static void requireFound(Engine engine, String rule, String evidence) {
        assertThatThrownBy(engine::validate)
                .isInstanceOf(ValidationException.class)
                .hasMessageContaining(rule)
                .hasMessageContaining(evidence);
    }
}
