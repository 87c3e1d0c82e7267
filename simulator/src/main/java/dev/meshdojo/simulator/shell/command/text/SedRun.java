package dev.meshdojo.simulator.shell.command.text;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;

/** Carries a sed script out on lines. */
final class SedRun {

    private final List<SedCommand> program;
    private final boolean silent;
    private final StringBuilder output = new StringBuilder();
    private final Set<SedCommand> open = new HashSet<>();
    private List<String> lines = List.of();
    private String space = "";
    private String hold = "";
    private String appended = "";
    private int number;
    private boolean deleted;
    private boolean quit;

    SedRun(List<SedCommand> program, boolean silent) {
        this.program = program;
        this.silent = silent;
    }

    String edit(List<String> input) {
        lines = input;
        while (number < lines.size() && !quit) {
            space = lines.get(number++);
            deleted = false;
            appended = "";
            run(program);
            if (!deleted && !silent) {
                output.append(space).append('\n');
            }
            output.append(appended);
        }
        return output.toString();
    }

    private void run(List<SedCommand> commands) {
        for (SedCommand command : commands) {
            if (deleted || quit) {
                return;
            }
            if (applies(command) != command.negated()) {
                apply(command);
            }
        }
    }

    private boolean applies(SedCommand command) {
        if (command.from() == null) {
            return true;
        }
        if (command.to() == null) {
            return matches(command.from());
        }
        if (open.contains(command)) {
            boolean beyond = command.to().line() > 0 && number >= command.to().line();
            if (beyond || matches(command.to())) {
                open.remove(command);
            }
            return !(command.to().line() > 0 && number > command.to().line());
        }
        if (!matches(command.from())) {
            return false;
        }
        boolean single = command.to().line() > 0 && command.to().line() <= number;
        if (!single) {
            open.add(command);
        }
        return true;
    }

    private boolean matches(SedCommand.Address address) {
        if (address.pattern() != null) {
            return address.pattern().matcher(space).find();
        }
        return address.line() == -1 ? number == lines.size() : address.line() == number;
    }

    private void apply(SedCommand command) {
        switch (command.verb()) {
            case 's' -> substitute(command);
            case 'y' -> {
                StringBuilder mapped = new StringBuilder();
                for (int k = 0; k < space.length(); k++) {
                    char c = space.charAt(k);
                    int i = command.text().indexOf(c);
                    mapped.append(i < 0 ? c : command.flags().charAt(i));
                }
                space = mapped.toString();
            }
            case 'p' -> output.append(space).append('\n');
            case 'P' -> output.append(space.split("\n", 2)[0]).append('\n');
            case 'd', 'D' -> deleted = true;
            case 'q' -> quit = true;
            case '=' -> output.append(number).append('\n');
            case 'n' -> {
                if (!silent) {
                    output.append(space).append('\n');
                }
                nextLine(false);
            }
            case 'N' -> nextLine(true);
            case 'h' -> hold = space;
            case 'H' -> hold = hold + "\n" + space;
            case 'g' -> space = hold;
            case 'G' -> space = space + "\n" + hold;
            case 'x' -> {
                String before = hold;
                hold = space;
                space = before;
            }
            case 'a' -> appended += command.text() + "\n";
            case 'i' -> output.append(command.text()).append('\n');
            case 'c' -> {
                output.append(command.text()).append('\n');
                deleted = true;
            }
            default -> run(command.block());
        }
    }

    private void nextLine(boolean join) {
        if (number >= lines.size()) {
            quit = true;
            return;
        }
        String next = lines.get(number++);
        space = join ? space + "\n" + next : next;
    }

    private void substitute(SedCommand command) {
        Matcher matcher = Objects.requireNonNull(command.pattern()).matcher(space);
        String digits = command.flags().replaceAll("\\D", "");
        int first = digits.isEmpty() ? 1 : Integer.parseInt(digits);
        boolean all = command.flags().contains("g");
        StringBuilder result = new StringBuilder();
        int last = 0;
        int count = 0;
        boolean changed = false;
        while (matcher.find()) {
            count++;
            if (count < first) {
                continue;
            }
            result.append(space, last, matcher.start()).append(expand(command.text(), matcher));
            last = matcher.end();
            changed = true;
            if (!all) {
                break;
            }
        }
        if (changed) {
            space = result.append(space.substring(last)).toString();
            if (command.flags().contains("p")) {
                output.append(space).append('\n');
            }
        }
    }

    private static String expand(String replacement, Matcher matcher) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < replacement.length(); i++) {
            char c = replacement.charAt(i);
            if (c == '&') {
                text.append(matcher.group());
            } else if (c == '\\' && i + 1 < replacement.length()) {
                char next = replacement.charAt(++i);
                if (Character.isDigit(next)) {
                    int group = next - '0';
                    if (group > matcher.groupCount()) {
                        throw new UsageException(
                                1, "invalid reference \\" + group + " on `s' command's RHS");
                    }
                    String value = matcher.group(group);
                    text.append(value == null ? "" : value);
                } else {
                    text.append(next == 'n' ? "\n" : next == 't' ? "\t" : String.valueOf(next));
                }
            } else {
                text.append(c);
            }
        }
        return text.toString();
    }
}
