package dev.meshdojo.simulator.shell.command.text;

import dev.meshdojo.simulator.shell.Invocation;
import dev.meshdojo.simulator.shell.ShellCommand;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.List;

/**
 * A program given by a function; failures become messages in the usual form.
 *
 * @param name as typed
 * @param summary for {@code help}
 * @param body the work
 */
public record Program(String name, String summary, Body body) implements ShellCommand {

    /** The work of a program. */
    @FunctionalInterface
    public interface Body {
        /** Runs and returns the exit status. */
        int run(List<String> arguments, Invocation invocation)
                throws IOException, InterruptedException;
    }

    @Override
    public int run(List<String> arguments, Invocation invocation) throws InterruptedException {
        try {
            return body.run(arguments, invocation);
        } catch (UsageException e) {
            invocation.stderr().println(name + ": " + e.getMessage());
            return e.status();
        } catch (InterruptedIOException e) {
            throw new InterruptedException();
        } catch (IOException e) {
            invocation.stderr().println(name + ": " + reason(e));
            return 1;
        } catch (UncheckedIOException e) {
            invocation
                    .stderr()
                    .println(name + ": " + reason(java.util.Objects.requireNonNull(e.getCause())));
            return 1;
        }
    }

    /** The words a C program would print for this failure. */
    public static String reason(IOException e) {
        String file = e instanceof FileSystemException f && f.getFile() != null ? f.getFile() : "";
        return switch (e) {
            case NoSuchFileException missing -> file + ": No such file or directory";
            case AccessDeniedException denied -> file + ": Permission denied";
            case FileAlreadyExistsException exists -> file + ": File exists";
            case DirectoryNotEmptyException full -> file + ": Directory not empty";
            default -> String.valueOf(e.getMessage());
        };
    }
}
