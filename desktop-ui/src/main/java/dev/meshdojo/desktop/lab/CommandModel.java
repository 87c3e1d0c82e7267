package dev.meshdojo.desktop.lab;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;

/** What one command of a lab printed, and how it ended. Used on the UI thread only. */
public final class CommandModel {

    /** How far a command is. */
    public enum State {
        NOT_RUN,
        RUNNING,
        SUCCEEDED,
        FAILED
    }

    private final ReadOnlyObjectWrapper<State> state = new ReadOnlyObjectWrapper<>(State.NOT_RUN);
    private final ReadOnlyStringWrapper output = new ReadOnlyStringWrapper("");

    /** How far it is. */
    public ReadOnlyObjectProperty<State> stateProperty() {
        return state.getReadOnlyProperty();
    }

    /** Everything it printed since it was last started. */
    public ReadOnlyStringProperty outputProperty() {
        return output.getReadOnlyProperty();
    }

    void started() {
        output.set("");
        state.set(State.RUNNING);
    }

    void append(String text) {
        output.set(output.get() + text);
    }

    void undone() {
        output.set("");
        state.set(State.NOT_RUN);
    }

    void ended(int exitCode) {
        state.set(exitCode == 0 ? State.SUCCEEDED : State.FAILED);
    }
}
