package org.selvage.search;

import org.selvage.scheduler.Choice;
import org.selvage.scheduler.ChoiceSource;

/**
 * Draws as another source does, so that a subclass can look on or step in. It asks for the same
 * points, or a replay behind it would miss some of its draws.
 */
abstract class ForwardingSource implements ChoiceSource {
    private final ChoiceSource source;

    ForwardingSource(ChoiceSource source) {
        this.source = source;
    }

    @Override
    public boolean everyPoint() {
        return source.everyPoint();
    }

    @Override
    public boolean isReplay() {
        return source.isReplay();
    }

    @Override
    public boolean drawsAt(int task, int operation) {
        return source.drawsAt(task, operation);
    }

    @Override
    public boolean drawsInCall(int task, int operation, int first, int count) {
        return source.drawsInCall(task, operation, first, count);
    }

    @Override
    public int choose(Choice choice) {
        return source.choose(choice);
    }
}
