package org.selvage.engine.index;

import java.util.ArrayList;
import java.util.List;
import org.selvage.engine.bufferpool.BufferBlock;

/** The X-latched pages from a root down to a leaf, in one mini-transaction. */
public final class TreePath {
    private static final int USUAL_HEIGHT = 4;

    private final List<BufferBlock> blocks = new ArrayList<>(USUAL_HEIGHT);

    TreePath() {}

    /** Appends the next page down. */
    void push(BufferBlock block) {
        blocks.add(block);
    }

    /** Number of pages. */
    int length() {
        return blocks.size();
    }

    /** The page at a depth, 0 being the root. */
    BufferBlock at(int depth) {
        return blocks.get(depth);
    }

    /** Puts a page below the root, where a root that was raised has its records now. */
    void insertBelowRoot(BufferBlock block) {
        blocks.add(1, block);
    }

    /** The last page. */
    public BufferBlock leaf() {
        return blocks.get(blocks.size() - 1);
    }
}
