package dev.meshdojo.desktop.lab;

import java.util.ArrayList;
import java.util.List;
import javafx.scene.Node;
import javafx.scene.control.Label;
import javafx.scene.layout.GridPane;
import javafx.scene.layout.VBox;
import javafx.scene.text.Text;
import javafx.scene.text.TextFlow;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.BlockQuote;
import org.commonmark.node.BulletList;
import org.commonmark.node.Code;
import org.commonmark.node.Emphasis;
import org.commonmark.node.Heading;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.StrongEmphasis;
import org.commonmark.parser.Parser;

/**
 * Turns lab markdown into JavaFX nodes: headings, paragraphs, emphasis, code, lists, quotes and
 * tables.
 */
final class MarkdownView {

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();

    private MarkdownView() {}

    static List<Node> render(String markdown) {
        List<Node> nodes = new ArrayList<>();
        children(PARSER.parse(markdown)).forEach(block -> nodes.add(block(block)));
        return nodes;
    }

    private static Node block(org.commonmark.node.Node block) {
        return switch (block) {
            case Heading heading -> {
                TextFlow flow = flow(heading);
                flow.getStyleClass().add(heading.getLevel() == 1 ? "title-2" : "title-4");
                yield flow;
            }
            case Paragraph paragraph -> flow(paragraph);
            case BulletList list -> list(list, false);
            case OrderedList list -> list(list, true);
            case TableBlock table -> table(table);
            case BlockQuote quote -> {
                VBox box = new VBox(6);
                box.getStyleClass().add("quote");
                children(quote).forEach(child -> box.getChildren().add(block(child)));
                yield box;
            }
            default -> flow(block);
        };
    }

    private static Node list(org.commonmark.node.Node list, boolean ordered) {
        GridPane grid = new GridPane(8, 4);
        int row = 0;
        for (org.commonmark.node.Node item : children(list)) {
            VBox content = new VBox(4);
            children(item).forEach(child -> content.getChildren().add(block(child)));
            grid.add(new Label(ordered ? (row + 1) + "." : "•"), 0, row);
            grid.add(content, 1, row);
            row++;
        }
        return grid;
    }

    private static Node table(TableBlock table) {
        GridPane grid = new GridPane(16, 4);
        int row = 0;
        for (org.commonmark.node.Node section : children(table)) {
            for (org.commonmark.node.Node tableRow : children(section)) {
                if (tableRow instanceof TableRow) {
                    int column = 0;
                    for (org.commonmark.node.Node cell : children(tableRow)) {
                        TextFlow flow = flow(cell);
                        if (cell instanceof TableCell header && header.isHeader()) {
                            flow.getStyleClass().add("table-header");
                        }
                        grid.add(flow, column++, row);
                    }
                    row++;
                }
            }
        }
        return grid;
    }

    private static TextFlow flow(org.commonmark.node.Node parent) {
        TextFlow flow = new TextFlow();
        flow.getStyleClass().add("prose");
        inline(parent, List.of(), flow);
        return flow;
    }

    private static void inline(
            org.commonmark.node.Node parent, List<String> styles, TextFlow flow) {
        for (org.commonmark.node.Node child : children(parent)) {
            switch (child) {
                case org.commonmark.node.Text text -> add(flow, text.getLiteral(), styles);
                case SoftLineBreak _ -> add(flow, " ", styles);
                case Code code -> add(flow, code.getLiteral(), with(styles, "code"));
                case Emphasis emphasis -> inline(emphasis, with(styles, "emphasis"), flow);
                case StrongEmphasis strong -> inline(strong, with(styles, "strong"), flow);
                default -> inline(child, styles, flow);
            }
        }
    }

    private static void add(TextFlow flow, String literal, List<String> styles) {
        Text text = new Text(literal);
        text.getStyleClass().addAll(styles);
        flow.getChildren().add(text);
    }

    private static List<String> with(List<String> styles, String style) {
        List<String> all = new ArrayList<>(styles);
        all.add(style);
        return all;
    }

    private static List<org.commonmark.node.Node> children(org.commonmark.node.Node parent) {
        List<org.commonmark.node.Node> children = new ArrayList<>();
        for (org.commonmark.node.Node child = parent.getFirstChild();
                child != null;
                child = child.getNext()) {
            children.add(child);
        }
        return children;
    }
}
