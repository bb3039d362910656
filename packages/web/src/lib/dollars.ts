/** US dollars as people read them: "$0.42", "$12.00"; small sums keep two digits that count: "$0.0031". */
export function dollars(usd: number): string {
  if (usd === 0) return "$0.00";
  if (usd < 0.000_001) return "less than $0.000001";
  if (usd < 0.1) return `$${usd.toLocaleString("en-US", { maximumSignificantDigits: 2, maximumFractionDigits: 6 })}`;
  return `$${usd.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 })}`;
}
