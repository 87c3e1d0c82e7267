package dev.meshdojo.simulator.apiserver.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A snapshot in a file that its owner alone can read. Saving writes a draft beside the file,
 * flushes it to the disk and then takes the file's place in one step, so a crash at any moment
 * leaves the old file or the new one, whole. Drafts of processes that died are removed by the next
 * save.
 */
public final class SnapshotFile {

    private static final String DRAFT = ".draft";

    private SnapshotFile() {}

    /**
     * Saves.
     *
     * @throws IOException when the folder cannot be written; the old file is untouched then
     */
    public static void save(Snapshot snapshot, Path file) throws IOException {
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw new NoSuchFileException(
                    file.toString(), null, "no directory " + folder + "; create it first");
        }
        String drafts = "." + target.getFileName() + ".";
        removeAbandoned(folder, drafts);
        Path draft =
                Files.createTempFile(folder, drafts + ProcessHandle.current().pid() + ".", DRAFT);
        try {
            try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(SnapshotFormat.encode(snapshot));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(
                    draft,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
        try (FileChannel parent = FileChannel.open(folder, StandardOpenOption.READ)) {
            parent.force(true);
        } catch (IOException _) {
            // folders cannot be flushed on every system; the file itself is on the disk
        }
    }

    /** Drafts carry the process that writes them in their name. */
    private static void removeAbandoned(Path folder, String prefix) throws IOException {
        try (DirectoryStream<Path> entries =
                Files.newDirectoryStream(
                        folder,
                        entry -> {
                            String name = entry.getFileName().toString();
                            return name.startsWith(prefix) && name.endsWith(DRAFT);
                        })) {
            for (Path draft : entries) {
                String owner =
                        draft.getFileName().toString().substring(prefix.length()).split("\\.")[0];
                if (owner.matches("\\d{1,18}")
                        && ProcessHandle.of(Long.parseLong(owner)).isEmpty()) {
                    Files.deleteIfExists(draft);
                }
            }
        }
    }

    /**
     * Reads.
     *
     * @throws SnapshotException when the file is no snapshot, damaged, or of a newer version; the
     *     message says which and what to do
     * @throws IOException when the file cannot be read
     */
    public static Snapshot load(Path file) throws IOException {
        return SnapshotFormat.decode(Files.readAllBytes(file), file.toString());
    }
}
