package dev.meshdojo.simulator.shell.command.text;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Carries an awk program out. */
final class AwkRun {

    private static final Pattern NUMBER =
            Pattern.compile("\\s*[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?");

    private final PrintStream out;
    private final Map<String, String> variables = new HashMap<>();
    private List<String> fields = new ArrayList<>();
    private String line = "";
    private boolean next;
    private boolean exit;
    private int status;

    AwkRun(PrintStream out) {
        this.out = out;
        variables.put("OFS", " ");
        variables.put("ORS", "\n");
        variables.put("FS", " ");
    }

    void assign(String name, String value) {
        variables.put(name, value);
    }

    int execute(List<AwkParser.Rule> rules, List<String> lines) {
        each(rules, "BEGIN");
        int number = 0;
        for (String input : lines) {
            if (exit) {
                break;
            }
            variables.put("NR", String.valueOf(++number));
            split(input);
            next = false;
            for (AwkParser.Rule rule : rules) {
                boolean applies =
                        rule.when().isEmpty() && (rule.pattern() == null || truth(rule.pattern()));
                if (applies && !next && !exit) {
                    run(rule.body());
                }
            }
        }
        each(rules, "END");
        return status;
    }

    private void each(List<AwkParser.Rule> rules, String when) {
        for (AwkParser.Rule rule : rules) {
            if (rule.when().equals(when) && !(exit && when.equals("BEGIN"))) {
                run(rule.body());
            }
        }
    }

    private void split(String input) {
        line = input;
        String separator = variables.getOrDefault("FS", " ");
        if (input.isEmpty()) {
            fields = new ArrayList<>();
        } else if (separator.equals(" ")) {
            String stripped = input.strip();
            fields =
                    new ArrayList<>(
                            stripped.isEmpty() ? List.of() : List.of(stripped.split("\\s+", -1)));
        } else {
            String regex =
                    separator.length() == 1
                            ? Pattern.quote(separator)
                            : PosixRegex.compile(separator, true, false).pattern();
            fields = new ArrayList<>(List.of(input.split(regex, -1)));
        }
        variables.put("NF", String.valueOf(fields.size()));
    }

    private void run(List<AwkParser.Statement> statements) {
        for (AwkParser.Statement statement : statements) {
            if (next || exit) {
                return;
            }
            switch (statement.word()) {
                case "print" -> print(statement.arguments());
                case "printf" -> out.print(format(statement.arguments()));
                case "next" -> next = true;
                case "exit" -> {
                    exit = true;
                    status =
                            statement.arguments().isEmpty()
                                    ? status
                                    : (int) number(statement.arguments().getFirst());
                }
                case "if" ->
                        run(
                                truth(statement.arguments().getFirst())
                                        ? statement.body()
                                        : statement.otherwise());
                default -> evaluate(statement.arguments().getFirst());
            }
        }
    }

    private void print(List<AwkParser.Expr> arguments) {
        String text =
                arguments.isEmpty()
                        ? line
                        : String.join(
                                variables.getOrDefault("OFS", " "),
                                arguments.stream().map(this::text).toList());
        out.print(text + variables.getOrDefault("ORS", "\n"));
    }

    private String format(List<AwkParser.Expr> arguments) {
        String format = text(arguments.getFirst());
        Matcher matcher =
                Pattern.compile("%([-+ #0]*\\d*(?:\\.\\d+)?)([diouxXeEfgGcs%])").matcher(format);
        StringBuilder result = new StringBuilder();
        int index = 1;
        while (matcher.find()) {
            char verb = matcher.group(2).charAt(0);
            String spec = "%" + matcher.group(1);
            String value;
            if (verb == '%') {
                value = "%";
            } else {
                AwkParser.Expr argument =
                        index < arguments.size()
                                ? arguments.get(index++)
                                : new AwkParser.Constant("", false);
                value =
                        switch (verb) {
                            case 's', 'c' -> (spec + "s").formatted(text(argument));
                            case 'd', 'i', 'u' ->
                                    (spec.replaceAll("\\.\\d+", "") + "d")
                                            .formatted((long) number(argument));
                            case 'o', 'x', 'X' -> (spec + verb).formatted((long) number(argument));
                            default -> String.format(Locale.ROOT, spec + verb, number(argument));
                        };
            }
            matcher.appendReplacement(result, Matcher.quoteReplacement(value));
        }
        return matcher.appendTail(result).toString();
    }

    private boolean truth(AwkParser.Expr expression) {
        if (expression instanceof AwkParser.Regex regex) {
            return find(line, regex.text());
        }
        String value = evaluate(expression);
        boolean literal = expression instanceof AwkParser.Constant c && !c.number();
        boolean compares = !literal && numeric(value);
        return compares ? parse(value) != 0 : !value.isEmpty();
    }

    private static boolean find(String text, String regex) {
        return PosixRegex.compile(regex, true, false).matcher(text).find();
    }

    private String text(AwkParser.Expr expression) {
        return evaluate(expression);
    }

    private double number(AwkParser.Expr expression) {
        return parse(evaluate(expression));
    }

    private static double parse(String text) {
        Matcher matcher = NUMBER.matcher(text);
        return matcher.lookingAt() ? Double.parseDouble(matcher.group().strip()) : 0;
    }

    private static boolean numeric(String text) {
        return NUMBER.matcher(text.stripTrailing()).matches();
    }

    private static String number(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e16) {
            return String.valueOf((long) value);
        }
        return new java.math.BigDecimal(value)
                .round(new java.math.MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    private String evaluate(AwkParser.Expr expression) {
        return switch (expression) {
            case AwkParser.Constant constant ->
                    constant.number()
                            ? number(Double.parseDouble(constant.text()))
                            : constant.text();
            case AwkParser.Regex regex -> find(line, regex.text()) ? "1" : "0";
            case AwkParser.Variable variable -> variables.getOrDefault(variable.name(), "");
            case AwkParser.FieldRef field -> field((int) number(field.index()));
            case AwkParser.Unary unary ->
                    unary.operator().equals("!")
                            ? (truth(unary.operand()) ? "0" : "1")
                            : number(-number(unary.operand()));
            case AwkParser.Choice choice ->
                    evaluate(truth(choice.condition()) ? choice.yes() : choice.no());
            case AwkParser.Assign assign -> assign(assign);
            case AwkParser.Binary binary -> binary(binary);
            case AwkParser.Call call -> call(call);
        };
    }

    private String field(int index) {
        return index == 0 ? line : index > 0 && index <= fields.size() ? fields.get(index - 1) : "";
    }

    private String assign(AwkParser.Assign assign) {
        String value =
                assign.operator().isEmpty()
                        ? evaluate(assign.value())
                        : arithmetic(
                                assign.operator(), number(assign.target()), number(assign.value()));
        if (assign.target() instanceof AwkParser.Variable(String name)) {
            variables.put(name, value);
        } else if (assign.target() instanceof AwkParser.FieldRef(AwkParser.Expr index)) {
            int at = (int) number(index);
            if (at == 0) {
                split(value);
                return value;
            }
            while (fields.size() < at) {
                fields.add("");
            }
            fields.set(at - 1, value);
            variables.put("NF", String.valueOf(fields.size()));
            line = String.join(variables.getOrDefault("OFS", " "), fields);
        }
        return value;
    }

    private static String arithmetic(String operator, double a, double b) {
        if (b == 0 && (operator.equals("/") || operator.equals("%"))) {
            throw new UsageException(2, "division by zero");
        }
        return number(
                switch (operator) {
                    case "+" -> a + b;
                    case "-" -> a - b;
                    case "*" -> a * b;
                    case "/" -> a / b;
                    default -> a % b;
                });
    }

    private String binary(AwkParser.Binary binary) {
        return switch (binary.operator()) {
            case "&&" -> truth(binary.left()) && truth(binary.right()) ? "1" : "0";
            case "||" -> truth(binary.left()) || truth(binary.right()) ? "1" : "0";
            case "~" -> find(text(binary.left()), regex(binary.right())) ? "1" : "0";
            case "!~" -> find(text(binary.left()), regex(binary.right())) ? "0" : "1";
            case " " -> text(binary.left()) + text(binary.right());
            case "+", "-", "*", "/", "%" ->
                    arithmetic(binary.operator(), number(binary.left()), number(binary.right()));
            default -> compare(binary) ? "1" : "0";
        };
    }

    private String regex(AwkParser.Expr expression) {
        return expression instanceof AwkParser.Regex(String text) ? text : text(expression);
    }

    private boolean compare(AwkParser.Binary binary) {
        String left = evaluate(binary.left());
        String right = evaluate(binary.right());
        boolean texts =
                (binary.left() instanceof AwkParser.Constant l && !l.number())
                        || (binary.right() instanceof AwkParser.Constant r && !r.number());
        boolean numbers =
                !texts && (numeric(left) || left.isEmpty()) && (numeric(right) || right.isEmpty());
        int order = numbers ? Double.compare(parse(left), parse(right)) : left.compareTo(right);
        return switch (binary.operator()) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private String call(AwkParser.Call call) {
        List<AwkParser.Expr> a = call.arguments();
        return switch (call.name()) {
            case "length" -> String.valueOf((a.isEmpty() ? line : text(a.getFirst())).length());
            case "toupper" -> text(a.getFirst()).toUpperCase(Locale.ROOT);
            case "tolower" -> text(a.getFirst()).toLowerCase(Locale.ROOT);
            case "int" -> number((double) (long) number(a.getFirst()));
            case "index" -> String.valueOf(text(a.getFirst()).indexOf(text(a.get(1))) + 1);
            case "substr" -> substring(a);
            case "sprintf" -> format(a);
            case "match" -> {
                Matcher matcher =
                        PosixRegex.compile(regex(a.get(1)), true, false)
                                .matcher(text(a.getFirst()));
                yield matcher.find() ? String.valueOf(matcher.start() + 1) : "0";
            }
            case "sub", "gsub" -> substitute(call);
            default ->
                    throw new UsageException(
                            2, "function " + call.name() + " is not supported by this awk");
        };
    }

    private String substring(List<AwkParser.Expr> a) {
        String value = text(a.getFirst());
        int from = (int) Math.round(number(a.get(1)));
        int to = a.size() > 2 ? from + (int) Math.round(number(a.get(2))) : value.length() + 1;
        int start = Math.max(1, from);
        int end = Math.min(value.length() + 1, to);
        return start < end ? value.substring(start - 1, end - 1) : "";
    }

    private String substitute(AwkParser.Call call) {
        List<AwkParser.Expr> a = call.arguments();
        AwkParser.Expr target =
                a.size() > 2 ? a.get(2) : new AwkParser.FieldRef(new AwkParser.Constant("0", true));
        Matcher matcher =
                PosixRegex.compile(regex(a.getFirst()), true, false).matcher(text(target));
        String by = text(a.get(1));
        StringBuilder result = new StringBuilder();
        int count = 0;
        while (matcher.find() && (call.name().equals("gsub") || count == 0)) {
            count++;
            String replacement =
                    by.replace("\\&", "\0").replace("&", matcher.group()).replace("\0", "&");
            matcher.appendReplacement(result, Matcher.quoteReplacement(replacement));
        }
        matcher.appendTail(result);
        if (count > 0) {
            assign(
                    new AwkParser.Assign(
                            target, "", new AwkParser.Constant(result.toString(), false)));
        }
        return String.valueOf(count);
    }
}
