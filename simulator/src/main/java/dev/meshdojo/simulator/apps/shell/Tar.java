package dev.meshdojo.simulator.apps.shell;

import dev.meshdojo.simulator.apps.ContainerFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code tar cf -} and {@code tar xf -}, which {@code kubectl cp} runs. Plain files only; long
 * names are not split.
 */
final class Tar {

    private static final int BLOCK = 512;

    private Tar() {}

    static int run(Process process, List<String> args) throws IOException {
        String mode = args.isEmpty() ? "" : args.getFirst().replace("-", "");
        String directory = process.directory().toString();
        List<String> names = new ArrayList<>();
        for (int i = 1; i < args.size(); i++) {
            if (args.get(i).equals("-C") && i + 1 < args.size()) {
                directory = process.path(args.get(++i));
            } else if (!args.get(i).equals("-") && !args.get(i).startsWith("--")) {
                names.add(args.get(i));
            }
        }
        return switch (mode.isEmpty() ? ' ' : mode.charAt(0)) {
            case 'c' -> create(process, directory, names);
            case 'x' -> extract(process, directory);
            default -> process.fail(1, "tar: must specify one of -c, -x");
        };
    }

    private static int create(Process process, String directory, List<String> names)
            throws IOException {
        ContainerFiles files = process.container().files();
        int code = 0;
        for (String name : names) {
            String path = name.startsWith("/") ? name : directory + "/" + name;
            if (!add(process, files, ContainerFiles.normal(path), name)) {
                code = process.fail(1, "tar: " + name + ": No such file or directory");
            }
        }
        process.stdout().write(new byte[2 * BLOCK]);
        process.stdout().flush();
        return code;
    }

    private static boolean add(Process process, ContainerFiles files, String path, String name)
            throws IOException {
        byte[] content = files.read(path);
        if (content != null) {
            process.stdout().write(header(name.replaceFirst("^/", ""), content.length));
            process.stdout().write(content);
            process.stdout().write(new byte[padding(content.length)]);
            return true;
        }
        List<String> children = files.list(path);
        for (String child : children) {
            add(process, files, path + "/" + child, name + "/" + child);
        }
        return !children.isEmpty();
    }

    private static int padding(int length) {
        return (BLOCK - length % BLOCK) % BLOCK;
    }

    private static byte[] header(String name, int size) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644\0");
        put(header, 108, "0000000\0");
        put(header, 116, "0000000\0");
        put(header, 124, String.format(Locale.ROOT, "%011o", size) + "\0");
        put(header, 136, "00000000000\0");
        put(header, 148, "        ");
        put(header, 156, "0");
        put(header, 257, "ustar\00000");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        put(header, 148, String.format(Locale.ROOT, "%06o", sum) + "\0 ");
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(bytes, 0, header, at, Math.min(bytes.length, 100));
    }

    private static int extract(Process process, String directory) throws IOException {
        InputStream in = process.stdin();
        if (!process.container().files().canHold(directory + "/x")) {
            in.transferTo(OutputStream.nullOutputStream());
            return process.fail(
                    1,
                    "tar: can't change directory to '"
                            + directory
                            + "': No such file or directory");
        }
        while (true) {
            byte[] header = in.readNBytes(BLOCK);
            if (header.length < BLOCK || header[0] == 0) {
                in.transferTo(new ByteArrayOutputStream());
                return 0;
            }
            String size = text(header, 124, 12).strip();
            int length = size.isEmpty() ? 0 : Integer.parseInt(size, 8);
            byte[] content = in.readNBytes(length);
            in.skipNBytes(padding(length));
            String prefix = text(header, 345, 155);
            String name = (prefix.isEmpty() ? "" : prefix + "/") + text(header, 0, 100);
            if (header[156] == '0' || header[156] == 0) {
                String path = name.startsWith("/") ? name : directory + "/" + name;
                process.container().files().write(path, content);
            }
        }
    }

    private static String text(byte[] header, int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return new String(header, at, end - at, StandardCharsets.UTF_8);
    }
}
