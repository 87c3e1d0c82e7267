package dev.meshdojo.simulator.shell;

/** Leaves the normal order of a script. */
abstract sealed class ControlFlow extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private ControlFlow() {
        super(null, null, false, false);
    }

    /** {@code break} or {@code continue} with the loops still to leave. */
    static final class Loop extends ControlFlow {
        private static final long serialVersionUID = 1L;
        final boolean again;
        final int levels;

        Loop(boolean again, int levels) {
            this.again = again;
            this.levels = levels;
        }
    }

    /** {@code return}. */
    static final class Return extends ControlFlow {
        private static final long serialVersionUID = 1L;
        final int status;

        Return(int status) {
            this.status = status;
        }
    }

    /** {@code exit}, or a failing command under {@code set -e}. */
    static final class Exit extends ControlFlow {
        private static final long serialVersionUID = 1L;
        final int status;

        Exit(int status) {
            this.status = status;
        }
    }

    /** SIGINT or SIGTERM arrived. */
    static final class Interrupted extends ControlFlow {
        private static final long serialVersionUID = 1L;
    }
}
