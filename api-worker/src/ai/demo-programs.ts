/** The programs that the demo model writes: the first squares, in each language of the toolbar. */

type Program = (title: string) => string;

const python: Program = (title) => `"""${title}: a program by the demo model."""


def steps(count: int) -> list[int]:
    """Returns the first squares."""
    return [number * number for number in range(1, count + 1)]


def main() -> None:
    print(${JSON.stringify(title)})
    for number, square in enumerate(steps(10), start=1):
        print(f"{number:>2} squared is {square}")


if __name__ == "__main__":
    main()
`;

const script = (title: string, types: { readonly count: string; readonly steps: string }) =>
  `// ${title}: a program by the demo model.

/** Returns the first squares. */
function steps(count${types.count})${types.steps} {
  return Array.from({ length: count }, (_, index) => (index + 1) ** 2);
}

console.log(${JSON.stringify(title)});
for (const [index, square] of steps(10).entries()) {
  console.log(\`\${index + 1} squared is \${square}\`);
}
`;

const java: Program = (title) => `// ${title}: a program by the demo model.

public class Main {
    /** Returns the first squares. */
    static int[] steps(int count) {
        int[] squares = new int[count];
        for (int number = 1; number <= count; number++) {
            squares[number - 1] = number * number;
        }
        return squares;
    }

    public static void main(String[] args) {
        int number = 1;
        for (int square : steps(10)) {
            System.out.println(number++ + " squared is " + square);
        }
    }
}
`;

const cpp: Program = (title) => `// ${title}: a program by the demo model.

#include <iostream>
#include <vector>

// Returns the first squares.
std::vector<int> steps(int count) {
    std::vector<int> squares;
    for (int number = 1; number <= count; ++number) squares.push_back(number * number);
    return squares;
}

int main() {
    int number = 1;
    for (int square : steps(10)) {
        std::cout << number++ << " squared is " << square << "\\n";
    }
}
`;

const go: Program = (title) => `// ${title}: a program by the demo model.

package main

import "fmt"

// steps returns the first squares.
func steps(count int) []int {
	squares := make([]int, 0, count)
	for number := 1; number <= count; number++ {
		squares = append(squares, number*number)
	}
	return squares
}

func main() {
	for index, square := range steps(10) {
		fmt.Printf("%d squared is %d\\n", index+1, square)
	}
}
`;

const rust: Program = (title) => `// ${title}: a program by the demo model.

/// Returns the first squares.
fn steps(count: u32) -> Vec<u32> {
    (1..=count).map(|number| number * number).collect()
}

fn main() {
    for (index, square) in steps(10).iter().enumerate() {
        println!("{} squared is {}", index + 1, square);
    }
}
`;

const programs: Readonly<Record<string, Program>> = {
  python,
  javascript: (title) => script(title, { count: "", steps: "" }),
  typescript: (title) => script(title, { count: ": number", steps: ": number[]" }),
  java,
  "c++": cpp,
  go,
  rust,
};

/** The demo model's program in a language: in Python where it knows no other. */
export function demoProgram(title: string, language: string): string {
  const program = Object.hasOwn(programs, language) ? programs[language] : undefined;
  return (program ?? python)(title);
}
