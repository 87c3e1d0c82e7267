package dev.meshdojo.simulator.apps.shell;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Commands about the terminal that a command runs on. */
final class TerminalPrograms {

    private static final int COLUMNS = 80;
    private static final int ROWS = 24;

    private TerminalPrograms() {}

    static void register(Map<String, Program> programs) {
        programs.put("stty", TerminalPrograms::stty);
        programs.put("tput", TerminalPrograms::tput);
        programs.put("tty", TerminalPrograms::tty);
        programs.put("clear", (process, args) -> clear(process));
        programs.put("reset", (process, args) -> clear(process));
    }

    private static int clear(Process process) throws IOException {
        process.out("\u001b[H\u001b[J");
        return 0;
    }

    private static int tty(Process process, List<String> args) throws IOException {
        boolean terminal = process.terminalAt(0) != null;
        if (!args.contains("-s")) {
            process.out(terminal ? "/dev/pts/0\n" : "not a tty\n");
        }
        return terminal ? 0 : 1;
    }

    private static int stty(Process process, List<String> args) throws IOException {
        Terminal terminal = process.terminalAt(0);
        if (terminal == null) {
            return process.fail(1, "stty: standard input: Not a tty");
        }
        if (args.isEmpty() || args.getFirst().equals("-a")) {
            process.out(
                    args.isEmpty()
                            ? "speed 38400 baud; line = 0;\n" + (terminal.echo() ? "" : "-echo\n")
                            : all(terminal));
            return 0;
        }
        for (int i = 0; i < args.size(); i++) {
            switch (args.get(i)) {
                case "size" -> process.out(terminal.rows() + " " + terminal.columns() + "\n");
                case "echo", "sane" -> terminal.echo(true);
                case "-echo" -> terminal.echo(false);
                case "rows", "cols", "columns" -> {
                    String value = i + 1 < args.size() ? args.get(i + 1) : "";
                    if (!value.matches("\\d{1,4}")) {
                        return process.fail(1, "stty: invalid number '" + value + "'");
                    }
                    int size = Integer.parseInt(value);
                    boolean rows = args.get(i).equals("rows");
                    terminal.resize(
                            rows ? terminal.columns() : size, rows ? size : terminal.rows());
                    i++;
                }
                default -> {
                    if (!args.get(i).matches("-?(icanon|raw|cooked|isig|icrnl|onlcr|ixon|echoe)")) {
                        return process.fail(1, "stty: invalid argument '" + args.get(i) + "'");
                    }
                }
            }
        }
        return 0;
    }

    private static String all(Terminal terminal) {
        return "speed 38400 baud; rows "
                + terminal.rows()
                + "; columns "
                + terminal.columns()
                + "; line = 0;\n"
                + "intr = ^C; quit = ^\\; erase = ^?; kill = ^U; eof = ^D; eol = <undef>;\n"
                + "eol2 = <undef>; swtch = <undef>; start = ^Q; stop = ^S; susp = ^Z;\n"
                + "rprnt = ^R; werase = ^W; lnext = ^V; flush = ^O; min = 1; time = 0;\n"
                + "-parenb -parodd cs8 -hupcl -cstopb cread -clocal -crtscts\n"
                + "-ignbrk -brkint -ignpar -parmrk -inpck -istrip -inlcr -igncr icrnl ixon -ixoff\n"
                + "-iuclc -ixany -imaxbel -iutf8\n"
                + "opost -olcuc -ocrnl onlcr -onocr -onlret -ofill -ofdel nl0 cr0 tab0 bs0 vt0 ff0\n"
                + "isig icanon iexten "
                + (terminal.echo() ? "" : "-")
                + "echo echoe echok -echonl -noflsh -xcase -tostop -echoprt\n"
                + "echoctl echoke -flusho -extproc\n";
    }

    private static int tput(Process process, List<String> args) throws IOException {
        if (args.isEmpty()) {
            return process.fail(2, "usage: tput [-V] [-S] [-T term] capname");
        }
        Terminal terminal = process.terminal();
        switch (args.getFirst()) {
            case "cols" -> process.out(size(terminal, true) + "\n");
            case "lines" -> process.out(size(terminal, false) + "\n");
            case "colors" -> process.out("8\n");
            case "clear" -> process.out("\u001b[H\u001b[2J");
            case "bold" -> process.out("\u001b[1m");
            case "sgr0" -> process.out("\u001b(B\u001b[m");
            case "setaf" -> process.out("\u001b[3" + (args.size() > 1 ? args.get(1) : "7") + "m");
            case "setab" -> process.out("\u001b[4" + (args.size() > 1 ? args.get(1) : "0") + "m");
            default -> {
                return process.fail(
                        4, "tput: unknown terminfo capability '" + args.getFirst() + "'");
            }
        }
        return 0;
    }

    private static int size(@Nullable Terminal terminal, boolean columns) {
        int known = terminal == null ? 0 : columns ? terminal.columns() : terminal.rows();
        return known > 0 ? known : columns ? COLUMNS : ROWS;
    }
}
